#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# The az stand-in without its start-up time: each call is a fork of this process.
"""az-server.py FILE: writes its port to FILE and serves quick/az until its parent ends.

A client sends its process id. Arguments, environment and working directory are read from /proc, so
the stand-in sees exactly what the client was started with. Beside the world's log it keeps
$AZ_WORLD.bodies: the text of every file that an argument names with @, one JSON string a line.
"""

import importlib.machinery
import importlib.util
import io
import json
import os
import socket
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
WORLD = os.path.join(HERE, os.pardir, "world")
sys.dont_write_bytecode = True
sys.path.insert(0, WORLD)

# what the stand-in loads only when needed is loaded here once
for module in ("arm", "checks", "devops", "graph", "roles", "jmespath", "hashlib", "ast"):
    __import__(module)
loader = importlib.machinery.SourceFileLoader("az", os.path.join(WORLD, "az"))
az = importlib.util.module_from_spec(importlib.util.spec_from_loader("az", loader))
loader.exec_module(az)


def of_process(pid, name):
    with open("/proc/%d/%s" % (pid, name), "rb") as file:
        return [os.fsdecode(piece) for piece in file.read().split(b"\0")[:-1]]


def keep_bodies(arguments):
    for argument in arguments:
        if argument.startswith("@"):
            with open(argument[1:], encoding="utf-8", newline="") as file:
                text = file.read()
            with open(os.environ["AZ_WORLD"] + ".bodies", "a", encoding="utf-8") as file:
                file.write(json.dumps(text) + "\n")


def answer(pid):
    """(exit status, standard output, standard error) of one call."""
    arguments = of_process(pid, "cmdline")[2:]  # bash, this script's path
    os.environ.clear()
    os.environ.update(piece.split("=", 1) for piece in of_process(pid, "environ"))
    os.chdir("/proc/%d/cwd" % pid)
    out = [io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape", "") for _ in range(2)]
    sys.stdout, sys.stderr = out
    try:
        keep_bodies(arguments)
        status = az.main(arguments)
    except Exception:  # what would have been a traceback of the stand-in
        import traceback
        traceback.print_exc()
        status = 70
    for file in out:
        file.flush()
    return [b"%d" % status] + [file.buffer.getvalue() for file in out]


def serve(client):
    with client.makefile("rwb") as stream:
        stream.write(b"".join(piece + b"\0" for piece in answer(int(stream.readline()))))


def main(path):
    parent = os.getppid()
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    listener.settimeout(1)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("%d\n" % listener.getsockname()[1])
    os.rename(path + ".new", path)
    while os.getppid() == parent:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        try:
            client, _ = listener.accept()
        except TimeoutError:
            continue
        if os.fork() == 0:
            client.settimeout(None)
            try:
                serve(client)
            finally:
                os._exit(0)
        client.close()


if __name__ == "__main__":
    main(sys.argv[1])
