"""A guest of the thread interface, in each of the spellings and arities that published guests use."""

from __future__ import annotations

from tests.guests import wasm_of

_NAMES = ("__pipeline", "nest", "boom", "spin", "missing", "swap")


def family(*, prefix: str = "__", module: str = "wasi", load_arity: int = 2, more: str = "") -> bytes:
    """The guest.

    Its memory: input and result from 0 on, names of entry points from 2,048 on (32 bytes each), an array buffer
    with "hello" at 4,100.
    """
    names = "".join(f'(data (i32.const {2048 + 32 * place}) "{name}")' for place, name in enumerate(_NAMES))
    if load_arity == 2:
        load = '(import "env" "__load_input" (func $load (param i32 i32) (result i32)))'
        take = "(drop (call $load (i32.const 0) (call $len)))"
    else:
        load = '(import "env" "__load_input" (func $load (param i32)))'
        take = "(call $load (i32.const 0))"
    return wasm_of(f"""(module
        (import "env" "__host_len" (func $len (result i32))) {load}
        {_import(module, prefix, "thread_spawn", 1)} {_import(module, prefix, "thread_spawn_pipeline", 4)}
        {_import(module, prefix, "thread_get_result", 1)} {_import(module, prefix, "thread_wait_result", 2)}
        {_import(module, prefix, "thread_get_memory", 2)} {_import(module, prefix, "thread_get_custom_data", 2)}
        {_import(module, prefix, "thread_free", 1)} {_import(module, prefix, "read_thread_memory", 4)}
        (memory (export "memory") 2) {names}
        (data (i32.const 4096) "\\05\\00\\00\\00hello")
        (func $spawn (param $name i32) (param $length i32) (param $input i32) (param $bytes i32) (result i32)
            (call $thread_spawn_pipeline
                (i32.add (i32.const 2048) (i32.mul (i32.const 32) (local.get $name)))
                (local.get $length) (local.get $input) (local.get $bytes)))
        (func (export "__pipeline") (result i32) {take} (call $len))
        (func (export "view") (result i32) (i32.const 4100))
        (func (export "get_thread_result") (result i32) (i32.const 4100))
        (func (export "negative") (result i32) (i32.const -7))
        (func (export "nothing"))
        (func (export "wide") (result i64) (i64.const 1))
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func (export "boom") unreachable)
        (func (export "spin") (loop $again (br $again)))
        (func (export "outside") (result i32)
            (call $read_thread_memory (i32.const 1) (i32.const 0) (i32.const -4) (i32.const 1)))

        ;; A pipeline thread for a number of bytes of its own memory, read back behind 16,384.
        (func (export "echo") (param $bytes i32) (result i32) (local $child i32) (local $got i32)
            (local.set $child (call $spawn (i32.const 0) (i32.const 10) (i32.const 4100) (local.get $bytes)))
            (if (i32.ne (call $thread_wait_result (local.get $child) (i32.const 20000)) (local.get $bytes))
                (then (return (i32.const -100))))
            (local.set $got (call $read_thread_memory
                (local.get $child) (i32.const 0) (i32.const 0) (local.get $bytes)))
            (if (i32.ne (call $thread_get_result (local.get $child)) (local.get $bytes))
                (then (return (i32.const -101))))
            (if (i32.ne (call $thread_get_memory (local.get $child) (i32.const 16384)) (i32.const 4096))
                (then (return (i32.const -102))))
            (if (i32.ne (call $thread_get_custom_data (local.get $child) (i32.const 32768)) (i32.const 5))
                (then (return (i32.const -103))))
            (if (call $thread_free (local.get $child)) (then (return (i32.const -104))))
            (if (i32.ne (call $thread_free (local.get $child)) (i32.const -2)) (then (return (i32.const -105))))
            (if (i32.ne (call $thread_wait_result (local.get $child) (i32.const 0)) (i32.const -2))
                (then (return (i32.const -106))))
            (local.get $got))

        ;; Two of itself for each level above 0, each waited for: 2 to the power of the level in all.
        (func (export "nest") (result i32) (local $level i32) (local $left i32) (local $right i32)
            {take}
            (local.set $level (i32.load8_u (i32.const 0)))
            (if (i32.eqz (local.get $level)) (then (return (i32.const 1))))
            (i32.store8 (i32.const 0) (i32.sub (local.get $level) (i32.const 1)))
            (local.set $left (call $spawn (i32.const 1) (i32.const 4) (i32.const 0) (i32.const 1)))
            (local.set $right (call $spawn (i32.const 1) (i32.const 4) (i32.const 0) (i32.const 1)))
            (if (i32.lt_s (local.get $left) (i32.const 0)) (then (return (local.get $left))))
            (if (i32.lt_s (local.get $right) (i32.const 0)) (then (return (local.get $right))))
            (i32.add (call $thread_wait_result (local.get $left) (i32.const 60000))
                (call $thread_wait_result (local.get $right) (i32.const 60000))))

        ;; What waiting some milliseconds for an entry point gives; the child is left behind.
        (func (export "wait_for") (param $name i32) (param $length i32) (param $milliseconds i32) (result i32)
            (local $child i32)
            (local.set $child (call $spawn (local.get $name) (local.get $length) (i32.const 0) (i32.const 0)))
            (if (i32.lt_s (local.get $child) (i32.const 0)) (then (return (local.get $child))))
            (call $thread_wait_result (local.get $child) (local.get $milliseconds)))

        ;; Asks for a child's result until it has ended.
        (func (export "poll") (result i32) (local $child i32) (local $result i32)
            (local.set $child (call $spawn (i32.const 0) (i32.const 10) (i32.const 0) (i32.const 9)))
            (loop $again
                (local.set $result (call $thread_get_result (local.get $child)))
                (br_if $again (i32.eq (local.get $result) (i32.const -2))))
            (local.get $result))

        (func (export "wait_self") (param $number i32) (result i32)
            (call $thread_wait_result (local.get $number) (i32.const 60000)))
        (func (export "free_self") (param $number i32) (result i32) (call $thread_free (local.get $number)))
        (func (export "forever") (loop $again (drop (call $thread_spawn (i32.const 0))) (br $again)))

        ;; Started by number: height 0, then the argument.
        (func (export "_start") {take}
            (i32.store (i32.const 64) (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 4)))))
        (func (export "start_and_read") (param $argument i32) (result i32) (local $child i32)
            (local.set $child (call $thread_spawn (local.get $argument)))
            (drop (call $thread_wait_result (local.get $child) (i32.const 20000)))
            (drop (call $read_thread_memory (local.get $child) (i32.const 64) (i32.const 128) (i32.const 4)))
            (i32.load (i32.const 128)))
        {more})""")


def _import(module: str, prefix: str, name: str, parameters: int) -> str:
    types = " ".join(["i32"] * parameters)
    return f'(import "{module}" "{prefix}{name}" (func ${name} (param {types}) (result i32)))'
