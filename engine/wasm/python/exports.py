"""The exports of a Python plugin, in LLVM's language: they take the descriptor apart and call the loop."""

from __future__ import annotations

from typing import Any

from engine.wasm.python.interfaces import Interface
from engine.wasm.python.objects import TOP_OF_STACK


def exports_for(inner: str, interface: Interface) -> str:
    """LLVM text of the module's three exported functions.

    Args:
        inner: name of the loop, which takes the columns and the number of its turns.
        interface: what the host passes.
    """
    version, reserve, process = interface.exports
    return f"""
define i32 @{version}() {{
  ret i32 {interface.version}
}}
{_reserving(reserve)}
{_processing(process, inner, interface)}"""


def _reserving(name: str) -> str:
    """The function that makes room for so many bytes behind the stack, and gives 0 where there is none."""
    return f"""
declare i32 @llvm.wasm.memory.size.i32(i32)
declare i32 @llvm.wasm.memory.grow.i32(i32, i32)
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)

define i32 @{name}(i32 %bytes) {{
  %wide = zext i32 %bytes to i64
  %end = add i64 %wide, {TOP_OF_STACK + 65535}
  %pages = lshr i64 %end, 16
  %short = trunc i64 %pages to i32
  %have = call i32 @llvm.wasm.memory.size.i32(i32 0)
  %fits = icmp ule i32 %short, %have
  br i1 %fits, label %done, label %grow
grow:
  %more = sub i32 %short, %have
  %before = call i32 @llvm.wasm.memory.grow.i32(i32 0, i32 %more)
  %failed = icmp eq i32 %before, -1
  br i1 %failed, label %none, label %done
done:
  ret i32 {TOP_OF_STACK}
none:
  ret i32 0
}}
"""


def _processing(name: str, inner: str, interface: Interface) -> str:
    """The function that calls the loop, and leaves the words of what it raised in the message."""
    loads, arguments, count = _taken_apart(interface)
    message = interface.descriptor.fields["message"][1]
    return f"""define i32 @{name}(ptr %batch) {{
  %result = alloca i64
  %raised = alloca ptr
{loads}
  %status = call i32 @"{inner}"(ptr %result, ptr %raised, {arguments}, i64 {count})
  %bad = icmp sgt i32 %status, 0
  br i1 %bad, label %complain, label %well
complain:
  %ma = getelementptr i8, ptr %batch, i32 {message}
  %m = load ptr, ptr %ma
  %info = load ptr, ptr %raised
  %words = load ptr, ptr %info
  %la = getelementptr i8, ptr %info, i32 4
  %letters = load i32, ptr %la
  call void @llvm.memcpy.p0.p0.i32(ptr %m, ptr %words, i32 %letters, i1 false)
  ret i32 1
well:
  ret i32 0
}}
"""


def _taken_apart(interface: Interface) -> tuple[str, str, str]:
    """What takes the descriptor apart, then what the loop is given of it, and the number of its turns."""
    fields: Any = interface.descriptor.fields
    loads, arguments = [], []
    for place, name in enumerate(interface.columns):
        loads.append(f"  %a{place} = getelementptr i8, ptr %batch, i32 {fields[name][1]}")
        if name in interface.inside:
            arguments.append(f"ptr %a{place}")
        else:
            loads.append(f"  %v{place} = load ptr, ptr %a{place}")
            arguments.append(f"ptr %v{place}")
    count = "1"
    if interface.count:
        count = "%n"
        loads += [
            f"  %na = getelementptr i8, ptr %batch, i32 {fields[interface.count][1]}",
            "  %n32 = load i32, ptr %na",
            "  %n = zext i32 %n32 to i64",
        ]
    return "\n".join(loads), ", ".join(arguments), count
