"""What a plugin written in Python does not get, said in words at the line that asks for it.

Nothing here keeps a plugin in: there is nothing outside to be had. A call to it would end the plugin without a word.
"""

import builtins
import importlib
import io
import json
import os
import random
import socket
import sys
import time
import types
import warnings

_HARMLESS = {
    "putenv",
    "unsetenv",
    "fspath",
    "fsencode",
    "fsdecode",
    "strerror",
    "getpid",
    "get_terminal_size",
    "process_cpu_count",
}
_WITHOUT_ARGUMENT = {"localtime": 1, "gmtime": 1, "ctime": 1, "asctime": 1, "strftime": 2}
_CLOCKS = (
    "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
    "process_time_ns", "thread_time", "thread_time_ns", "clock_gettime", "clock_gettime_ns", "clock_getres", "sleep",
    "get_clock_info",
)  # fmt: skip
_SOCKETS = (
    "socket", "create_connection", "create_server", "socketpair", "getaddrinfo", "gethostbyname", "gethostbyaddr",
    "gethostname", "getfqdn", "fromfd",
)  # fmt: skip
_CODECS = ("ascii", "latin_1", "utf_8", "utf_16", "utf_32", "idna", "punycode", "hex_codec", "base64_codec", "cp1252")


class NotGiven(PermissionError):
    """A plugin asks for something outside."""


def _refuser(name, what):
    def refuse(*_, **__):
        raise NotGiven(f"{name}: a plugin gets no {what}")

    return refuse


def _unless_given(function, name, count):
    def call(*arguments):
        if len(arguments) < count:
            raise NotGiven(f"time.{name}: a plugin gets no clock")
        return function(*arguments)

    return call


class _Environment(dict):
    """No variables, and a word about it to whoever looks for one."""

    def _refuse(self, *_):
        raise NotGiven("os.environ: a plugin gets no environment")

    __getitem__ = get = __contains__ = __iter__ = keys = items = values = __setitem__ = _refuse


class _NoTerminal(io.TextIOBase):
    def write(self, _):
        raise NotGiven("print: a plugin gets no terminal; return a number as a metric to see it")

    def readline(self, *_):
        raise NotGiven("input: a plugin gets no terminal")


class _TooLate:
    """Stands where modules are looked for once the plugin has been built."""

    @staticmethod
    def find_spec(name, *_):
        raise ImportError(f"{name} was not there when the plugin was built: import it at the top")


def prepare(modules):
    """Puts words in the place of what is outside, and loads modules while there are files.

    Args:
        modules: those that the plugin imports somewhere.
    """
    for codec in _CODECS:
        importlib.import_module(f"encodings.{codec}")
    importlib.import_module("_strptime")
    _refuse_files()
    _refuse_time()
    _refuse_network()
    _refuse_randomness()
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # where it is imported will tell


def _refuse_files():
    builtins.open = io.open = io.FileIO = _refuser("open", "files")
    for name in dir(os):
        if isinstance(getattr(os, name), types.BuiltinFunctionType) and name not in _HARMLESS:
            setattr(os, name, _refuser(f"os.{name}", "randomness" if "random" in name else "files or programs"))
    os.getenv = _refuser("os.getenv", "environment")


def _refuse_time():
    for name in _CLOCKS:
        if hasattr(time, name):
            setattr(time, name, _refuser(f"time.{name}", "clock"))
    for name, count in _WITHOUT_ARGUMENT.items():
        setattr(time, name, _unless_given(getattr(time, name), name, count))


def _refuse_network():
    for name in _SOCKETS:
        if hasattr(socket, name):
            setattr(socket, name, _refuser(f"socket.{name}", "network"))


def _refuse_randomness():
    words = "randomness, for the same reads have to give the same result; make a random.Random(7) of your own"
    for name in random.__all__:
        if isinstance(getattr(random, name), types.MethodType | types.BuiltinFunctionType):
            setattr(random, name, _refuser(f"random.{name}", words))


def close():
    """Called when the plugin starts: from here on there are no files to load modules from."""
    warnings.simplefilter("ignore")
    os.environ = os.environb = _Environment()  # only here: the interpreter itself fills the one before
    sys.stdout = sys.stderr = sys.stdin = _NoTerminal()
    sys.meta_path[:] = [_TooLate]


def words_of(error):
    """What a plugin's user is told about an exception, with the line of the plugin's source."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith("/plugin.py"):
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).endswith("plugin.py"):
        line = error.lineno or line
    kind = type(error).__name__
    if isinstance(error, NotGiven):
        said = str(error)
    elif isinstance(error, MemoryError):
        said = "it needs more memory than its limits give it"
    else:
        said = f"{kind}: {error}" if str(error) else kind
    return f"plugin.py, line {line}: {said}" if line else f"plugin.py: {said}"


def loaded():
    """The plugin's source as a module; whoever builds it is told what is wrong with it."""
    try:
        return importlib.import_module("plugin")
    except BaseException as error:
        raise RuntimeError("lanescope:" + json.dumps(words_of(error))) from None
