"""Numbers of the system calls that a compiler of plugins has no use for, by processor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Machine:
    """A processor as Linux knows it.

    Attributes:
        architecture: its number in audit records.
        refused: calls that are refused: sockets, programs, other processes, names and rights of files, and what
            is for administrators.
        signal_thread: ``tgkill``, allowed to the process itself, for that is how it aborts.
        limit_process: ``prlimit64``, likewise, under the number 0.
        clone: starts threads, and processes, which its flags tell apart.
        clone3: the same, with the flags out of sight.
        in_folder: makes and removes folders and files, and changes the mode of an open one, for those who may write
            in one folder.
        set_times: ``utimensat``, for open files likewise, which have no name in its second argument.
    """

    architecture: int
    refused: tuple[int, ...]
    signal_thread: int
    limit_process: int
    clone: int
    clone3: int
    in_folder: tuple[int, ...]
    set_times: int


# On every processor: pidfd_send_signal, io_uring_setup, io_uring_enter, io_uring_register, pidfd_open, clone3,
# pidfd_getfd, process_madvise, mount_setattr, open_tree, move_mount, fsopen.
_NEW = (424, 425, 426, 427, 434, 435, 438, 440, 442, 428, 429, 430)

MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        (
            41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 53, 288, 299, 307,  # socket to socketpair, accept4, *mmsg
            56, 57, 58, 59, 322,  # clone, fork, vfork, execve, execveat
            62, 200, 129, 297, 101, 310, 311, 312,  # kill, tkill, *sigqueueinfo, ptrace, process_vm_*, kcmp
            76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 133,  # truncate, rename to lchown, mknod
            258, 259, 260, 263, 264, 265, 266, 268, 316,  # the same, relative to a folder
            188, 189, 190, 197, 198, 199, 132, 235, 261, 280,  # extended attributes, times of files
            29, 30, 31, 64, 68, 69, 71, 240, 241,  # shared memory, semaphores and queues of other processes
            155, 161, 165, 166, 167, 169, 175, 246, 272, 298, 308, 313, 320, 321, 323,  # roots, mounts, modules, bpf
            248, 249, 250, 141, 144, 203,  # keys, priorities of others
            *_NEW,
        ),
        234,
        302,
        56,
        435,
        (83, 84, 87, 91, 258, 263),  # mkdir, rmdir, unlink, fchmod, mkdirat, unlinkat
        280,
    ),
    "aarch64": Machine(
        0xC00000B7,
        (
            *range(198, 213), 242, 243, 269,  # socket to recvmsg, accept4, *mmsg
            220, 221, 281,  # clone, execve, execveat
            129, 130, 138, 240, 117, 270, 271, 272,  # kill, tkill, *sigqueueinfo, ptrace, process_vm_*, kcmp
            33, 34, 35, 36, 37, 38, 45, 52, 53, 54, 55, 276,  # mknodat to renameat, truncate, chmod, chown, renameat2
            5, 6, 7, 14, 15, 16, 88,  # extended attributes, times of files
            *range(180, 184), *range(186, 198),  # queues, semaphores and shared memory of other processes
            39, 40, 41, 51, 97, 104, 105, 106, 142, 241, 268, 273, 280, 282, 224, 225,  # mounts, roots, modules, bpf
            217, 218, 219, 122, 119, 140,  # keys, priorities of others
            *_NEW,
        ),
        131,
        261,
        220,
        435,
        (34, 35, 52),  # mkdirat, unlinkat, fchmod
        88,
    ),
}  # fmt: skip
"""By the name that the system gives the processor."""
