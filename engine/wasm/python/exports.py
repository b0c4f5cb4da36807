"""The exports of a Python plugin, in LLVM's language: they take the descriptor apart and call the loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.wasm.python.objects import TOP_OF_STACK
from engine.wasm.stage.abi import DESCRIPTOR


def exports_for(inner: str, columns: Sequence[str]) -> str:
    """LLVM text of the module's three exported functions.

    Args:
        inner: name of the loop over a batch, which takes columns and the number of reads.
        columns: fields of the descriptor, in the order in which the loop takes them.
    """
    fields: Any = DESCRIPTOR.fields
    loads = []
    for place, name in enumerate(columns):
        loads += [
            f"  %a{place} = getelementptr i8, ptr %batch, i32 {fields[name][1]}",
            f"  %v{place} = load ptr, ptr %a{place}",
        ]
    arguments = ", ".join(f"ptr %v{place}" for place in range(len(columns)))
    body = "\n".join(loads)
    return f"""
define i32 @lanescope_abi() {{
  ret i32 1
}}

declare i32 @llvm.wasm.memory.size.i32(i32)
declare i32 @llvm.wasm.memory.grow.i32(i32, i32)
declare void @llvm.memcpy.p0.p0.i32(ptr, ptr, i32, i1)

define i32 @lanescope_reserve(i32 %bytes) {{
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

define i32 @lanescope_process(ptr %batch) {{
  %result = alloca i64
  %raised = alloca ptr
{body}
  %na = getelementptr i8, ptr %batch, i32 {fields["reads"][1]}
  %n32 = load i32, ptr %na
  %n = zext i32 %n32 to i64
  %status = call i32 @"{inner}"(ptr %result, ptr %raised, {arguments}, i64 %n)
  %bad = icmp sgt i32 %status, 0
  br i1 %bad, label %complain, label %well
complain:
  %ma = getelementptr i8, ptr %batch, i32 {fields["message"][1]}
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
