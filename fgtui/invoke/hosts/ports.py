"""The port of an HTTP function: chosen so that no two functions share one, and checked to be ours before it is used.

FunctionGraph knows port 8000 alone (runtime.md section 7.1). Where that is taken, a free one is told in PORT.
"""

import os
import socket
import sys

import keeper

USUAL = 8000
ANYWHERE = "0.0.0.0"
_marks = []


def reserve():
    """A port that no other instance has, as long as this process lives.

    It is marked with a UDP socket of the same number, which no TCP server minds and the system takes back by itself.
    """
    for wanted in (USUAL, *[0] * 50):
        mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            mark.bind(("127.0.0.1", wanted))
            port = mark.getsockname()[1]
            if is_free(port):
                _marks.append(mark)
                return port
        except OSError:  # marked already
            pass
        mark.close()
    raise OSError("no free port")


def is_free(port):
    """Whether a server can listen at it, at whatever address of this machine."""
    for family, address in ((socket.AF_INET6, "::"), (socket.AF_INET, ANYWHERE), (socket.AF_INET, "127.0.0.1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((address, port))
        except OSError:
            if family == socket.AF_INET or has_ipv6():
                return False
    return True


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as trial:
            trial.bind(("::1", 0))
    except OSError:
        return False
    return True


def accepts(port):
    """Whether somebody listens at it on 127.0.0.1."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.settimeout(1)
        try:
            trial.connect(("127.0.0.1", port))
        except OSError:
            return False
        return trial.getsockname() != trial.getpeername()  # a free port can connect to itself


def is_ours(port, root, unless_known):
    """Whether all who listen at it are below the process ``root``; where the system does not say, ``unless_known``."""
    listed = listeners()
    if listed is None:
        return unless_known
    found = {inode for host, number, inode in listed if number == port and host in ("127.0.0.1", ANYWHERE, "::")}
    return bool(found) and found <= sockets_below(root)


def listened(root):
    """Where the processes below ``root`` listen: ``127.0.0.1:3000``."""
    ours = sockets_below(root)
    places = {(host, port) for host, port, inode in listeners() or () if inode in ours}
    return ["%s:%d" % ("[%s]" % host if ":" in host else host, port) for host, port in sorted(places)]


def listeners():
    """Address, port and inode of every TCP socket that listens; ``None`` where the system does not say."""
    found = []
    try:
        for name in ("tcp", "tcp6"):
            path = "/proc/net/" + name
            if name == "tcp6" and not os.path.exists(path):
                continue
            with open(path, "rb") as stream:
                for row in stream.read().splitlines()[1:]:
                    fields = row.split()
                    if fields[3] == b"0A":
                        host, port = fields[1].split(b":")
                        found.append((address_of(host), int(port, 16), int(fields[9])))
    except (OSError, IndexError, ValueError):
        return None
    return found


def address_of(word):
    """An address as /proc writes it: words of four bytes, each in the machine's own order."""
    data = bytes.fromhex(word.decode())
    words = [int.from_bytes(data[at : at + 4], "big").to_bytes(4, sys.byteorder) for at in range(0, len(data), 4)]
    family = socket.AF_INET if len(words) == 1 else socket.AF_INET6
    return socket.inet_ntop(family, b"".join(words)).removeprefix("::ffff:")


def sockets_below(root):
    """Inodes of all sockets that processes below ``root`` hold."""
    found = set()
    for process in keeper.descendants(root):
        folder = "/proc/%d/fd" % process
        try:
            for name in os.listdir(folder):
                target = os.readlink("%s/%s" % (folder, name))
                if target.startswith("socket:["):
                    found.add(int(target[8:-1]))
        except OSError:  # it has ended, or is somebody else's
            continue
    return found
