#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Sends what no client sends to the proxy of a simulation and, through it, to the simulated services; at
# the end these must still answer. Runs inside `azdo-wif simulate --`.

import os
import random
import socket
import ssl
import time
from urllib.parse import urlsplit

PROXY = urlsplit(os.environ["HTTPS_PROXY"])
CONTEXT = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
HOSTS = ("management.azure.com", "graph.microsoft.com", "dev.azure.com", "login.microsoftonline.com",
         "vstoken.dev.azure.com", "login.microsoftonline.us")
random.seed(4)


def to_proxy():
    return socket.create_connection((PROXY.hostname, PROXY.port), timeout=10)


def to_host(host):
    plain = to_proxy()
    plain.sendall(b"CONNECT %s:443 HTTP/1.1\r\n\r\n" % host.encode())
    assert plain.recv(4096).startswith(b"HTTP/1.1 200"), host
    return CONTEXT.wrap_socket(plain, server_hostname=host)


def quietly(sock, data):
    """What comes back, until the other side ends or says nothing for a moment."""
    reply = b""
    try:
        sock.settimeout(0.3)
        sock.sendall(data)
        if not isinstance(sock, ssl.SSLSocket):
            sock.shutdown(socket.SHUT_WR)
        while len(reply) < 1 << 20:
            piece = sock.recv(65536)
            if not piece:
                break
            reply += piece
    except OSError:
        pass
    finally:
        sock.close()
    return reply


def noise(size):
    return bytes(random.randrange(256) for _ in range(size))


def heads():
    yield b""
    yield b"\r\n\r\n"
    yield b"\0" * 100 + b"\r\n\r\n"
    yield b"CONNECT\r\n\r\n"
    yield b"CONNECT :443 HTTP/1.1\r\n\r\n"
    yield b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n"
    yield b"GET " + b"A" * 100000 + b" HTTP/1.1\r\n\r\n"
    yield b"CONNECT management.azure.com:443 HTTP/1.1\r\nX: " + b"y" * 40000
    for _ in range(50):
        yield noise(random.randrange(1, 400)) + random.choice((b"", b"\r\n\r\n"))


def requests(host):
    head = b"Connection: close\r\nHost: " + host.encode() + b"\r\n"
    yield b"GET / HTTP/1.1\r\n" + head + b"\r\n"
    yield b"GET /%00/%zz/%ff HTTP/1.1\r\n" + head + b"\r\n"
    yield b"GET /" + b"a/" * 3000 + b" HTTP/1.1\r\n" + head + b"\r\n"
    yield b"GET /x?" + b"a=b&" * 3000 + b" HTTP/1.1\r\n" + head + b"\r\n"
    yield b"POST /x HTTP/1.1\r\n" + head + b"Content-Length: 5000000\r\n\r\n" + b"[" * 5000000
    yield b"PUT /x HTTP/1.1\r\n" + head + b"Content-Length: 1000\r\n\r\n{"
    yield b"PATCH /x HTTP/1.1\r\n" + head + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n{"
    yield b"GET / HTTP/1.1\r\n" + head + b"X: y\r\n" * 5000 + b"\r\n"
    yield b"GET / HTTP/1.1\r\n" + head + b"Authorization: Bearer " + b"e" * 30000 + b"\r\n\r\n"
    for _ in range(4):
        yield noise(random.randrange(1, 600))
        yield b"GET /" + noise(100).replace(b"\n", b"") + b" HTTP/1.1\r\n" + head + b"\r\n"


def hold_connections():
    """More clients that were connected to a host than there is room for: the rest are told so."""
    held, answers = [], []
    for _ in range(600):
        sock = to_proxy()
        sock.sendall(b"CONNECT dev.azure.com:443 HTTP/1.1\r\n\r\n")
        answers.append(sock.recv(4096)[9:12])
        held.append(sock)
    assert answers.count(b"503") > 0 and answers.count(b"200") > 100, set(answers)
    for sock in held:
        sock.close()
    for _ in range(100):  # they are let go of one after the other
        sock = to_proxy()
        sock.sendall(b"CONNECT dev.azure.com:443 HTTP/1.1\r\n\r\n")
        answer = sock.recv(4096)[9:12]
        sock.close()
        if answer == b"200":
            return
        time.sleep(0.1)
    raise AssertionError("no room is made")


def main():
    for head in heads():
        quietly(to_proxy(), head)
    quietly(to_proxy(), b"CONNECT dev.azure.com:443 HTTP/1.1\r\n\r\n" + noise(5000))
    for host in HOSTS:
        for request in requests(host):
            quietly(to_host(host), request)
    held = [to_proxy() for _ in range(300)]  # more than there is room for, saying nothing
    for sock in held:
        sock.close()
    hold_connections()
    reply = quietly(to_host(HOSTS[0]), b"GET /tenants HTTP/1.1\r\nConnection: close\r\nHost: management.azure.com\r\n\r\n")
    assert b"AuthenticationFailed" in reply, reply


main()
