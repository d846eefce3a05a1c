"""A seccomp filter made by hand: no sockets, no namespaces, no look into other processes, no new kernel toys.

The filter is a classic BPF program (linux/seccomp.h). It lists what is refused: a data notebook uses hundreds of
harmless calls that differ from one C library to the next, so a list of what is allowed would break honest ones.
Calls newer than the list are answered with "no such call", which every library knows how to live with.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from playbook.running.warm import linux

_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}

#: Calls refused with EPERM, by machine. Both lists name the same calls as far as they exist there.
_REFUSED = {
    "x86_64": {
        "shmget": 29, "semget": 64, "msgget": 68, "memfd_create": 319,  # memory that belongs to no process
        "ptrace": 101, "syslog": 103, "personality": 135, "uselib": 134, "sysfs": 139, "vhangup": 153,
        "modify_ldt": 154, "pivot_root": 155, "_sysctl": 156, "adjtimex": 159, "chroot": 161, "acct": 163,
        "settimeofday": 164, "mount": 165, "umount2": 166, "swapon": 167, "swapoff": 168, "reboot": 169,
        "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173, "create_module": 174,
        "init_module": 175, "delete_module": 176, "quotactl": 179, "nfsservctl": 180, "lookup_dcookie": 212,
        "clock_settime": 227, "mbind": 237, "set_mempolicy": 238, "kexec_load": 246, "add_key": 248,
        "request_key": 249, "keyctl": 250, "migrate_pages": 256, "unshare": 272, "vmsplice": 278,
        "move_pages": 279, "perf_event_open": 298, "fanotify_init": 300, "fanotify_mark": 301,
        "name_to_handle_at": 303, "open_by_handle_at": 304, "clock_adjtime": 305, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "finit_module": 313,
        "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323,
    },
    "aarch64": {
        "msgget": 186, "semget": 190, "shmget": 194, "memfd_create": 279,
        "lookup_dcookie": 18, "umount2": 39, "mount": 40, "pivot_root": 41, "nfsservctl": 42, "chroot": 51,
        "vhangup": 58, "quotactl": 60, "vmsplice": 75, "acct": 89, "personality": 92, "unshare": 97,
        "kexec_load": 104, "init_module": 105, "delete_module": 106, "clock_settime": 112, "syslog": 116,
        "ptrace": 117, "reboot": 142, "sethostname": 161, "setdomainname": 162, "settimeofday": 170,
        "adjtimex": 171, "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "swapoff": 225,
        "mbind": 235, "set_mempolicy": 237, "migrate_pages": 238, "move_pages": 239, "perf_event_open": 241,
        "fanotify_init": 262, "fanotify_mark": 263, "name_to_handle_at": 264, "open_by_handle_at": 265,
        "clock_adjtime": 266, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "finit_module": 273, "bpf": 280, "userfaultfd": 282, "kexec_file_load": 294,
    },
}  # fmt: skip
#: The same on every machine: io_uring, the new mount calls, other processes' files and memory.
_REFUSED_EVERYWHERE = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "pidfd_getfd": 438, "process_madvise": 440,
    "mount_setattr": 442, "quotactl_fd": 443, "memfd_secret": 447, "process_mrelease": 448,
    "set_mempolicy_home_node": 450,
}  # fmt: skip
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE = {"x86_64": 56, "aarch64": 220}
_IOCTL = {"x86_64": 16, "aarch64": 29}
#: kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo: the first argument says whom.
_SIGNALS = {"x86_64": (62, 200, 234, 129, 297), "aarch64": (129, 130, 131, 138, 240)}
_PIDFD_SEND_SIGNAL = 424
_CLONE3 = 435
_LAST_KNOWN = 462
_NEW_NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWCGROUP | linux.CLONE_NEWUTS | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUSER | linux.CLONE_NEWPID | linux.CLONE_NEWNET | 0x80  # CLONE_NEWTIME
)  # fmt: skip
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

_ALLOW, _KILL = 0x7FFF_0000, 0x8000_0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCH_AT, _FIRST_AT, _SECOND_AT = 0, 4, 16, 24


def _refuse(number: int) -> int:
    return 0x0005_0000 | number


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def build_filter(machine: str, only_signal: int | None = None) -> bytes:
    """The BPF program for a machine.

    Args:
        machine: as `platform.machine()` says.
        only_signal: where there is no process namespace, the one process that may still be signalled (itself).
    """
    program = [
        _step(_LOAD, _ARCH_AT),
        _step(_EQUAL, _ARCH[machine], 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER_AT),
    ]

    def answer(number: int, result: int) -> None:
        program.extend([_step(_EQUAL, number, 0, 1), _step(_RETURN, result)])

    program += [_step(_AT_LEAST, _LAST_KNOWN + 1, 0, 1), _step(_RETURN, _refuse(errno.ENOSYS))]
    for number in sorted({*_REFUSED[machine].values(), *_REFUSED_EVERYWHERE.values()}):
        answer(number, _refuse(errno.EPERM))
    answer(_SOCKET[machine], _refuse(errno.EACCES))
    answer(_CLONE3, _refuse(errno.ENOSYS))  # its flags lie in memory; the C library falls back to clone
    flags = [
        _step(_LOAD, _FIRST_AT),
        _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        _step(_RETURN, _refuse(errno.EPERM)),
    ]
    program += [_step(_EQUAL, _CLONE[machine], 0, 4), *flags, _step(_RETURN, _ALLOW)]
    typing = [
        _step(_LOAD, _SECOND_AT),
        _step(_EQUAL, _TIOCSTI, 1, 0),
        _step(_EQUAL, _TIOCLINUX, 0, 1),
        _step(_RETURN, _refuse(errno.EPERM)),
        _step(_RETURN, _ALLOW),
    ]
    program += [_step(_EQUAL, _IOCTL[machine], 0, 5), *typing]
    if only_signal is not None:
        answer(_PIDFD_SEND_SIGNAL, _refuse(errno.EPERM))
        for number in _SIGNALS[machine]:
            whom = [
                _step(_LOAD, _FIRST_AT),
                _step(_EQUAL, only_signal, 1, 0),
                _step(_RETURN, _refuse(errno.EPERM)),
                _step(_RETURN, _ALLOW),
            ]
            program += [_step(_EQUAL, number, 0, 4), *whom]
    program.append(_step(_RETURN, _ALLOW))
    return b"".join(program)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def apply(only_own_signals: bool = False) -> None:
    """Put the filter on this process and all that it starts; needs no privilege once PR_SET_NO_NEW_PRIVS is set."""
    steps = build_filter(linux.MACHINE, os.getpid() if only_own_signals else None)
    buffer = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.addressof(buffer))
    linux.syscall(linux.SYS_SECCOMP, 1, 0, ctypes.byref(program), what="seccomp")
