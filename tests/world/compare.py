#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Compares the az stand-in with the installed azure-cli: arguments, bodies, output, error lines.
"""compare.py expansion|bodies|output|replies: exit 0 the same, 1 different, 77 no azure-cli."""

import http.server
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict

sys.dont_write_bytecode = True

import azcli  # noqa: E402

try:
    import azure.cli.core.commands as real_commands
    import azure.cli.core.util as real_util
    import knack.output as real_output
except ImportError:
    print("azure-cli is not installed")
    sys.exit(77)

HERE = os.path.dirname(os.path.abspath(__file__))
DIFFERENT = 0


def compare(label, real, ours):
    global DIFFERENT
    if real != ours:
        DIFFERENT += 1
        print("%s\n  az:       %r\n  stand-in: %r" % (label, real, ours))


def outcome(function, *args):
    try:
        return function(*args)
    except Exception as error:  # the same input may fail in both
        return type(error).__name__


# --- arguments ------------------------------------------------------------------------------------

FILES = {"plain": b"text", "lines": b"one\ntwo\n\n\n", "crlf": b"one\r\ntwo\r\n", "empty": b"",
         "blank": b"  \n", "bom": b"\xef\xbb\xbfmarked\n", "utf8": "Zürich €\n".encode(),
         "utf16": "wide".encode("utf-16"), "binary": b"\xff\xfe\xfd\x00\x81", "nested": b"@plain\n"}
ARGUMENTS = ["", "@", "=", "@=", "=@", "a", "a@b", "a=b", "a=b@c", "@plain", "@lines", "@crlf",
             "@empty", "@blank", "@bom", "@utf8", "@utf16", "@binary", "@nested", "@missing", "@.",
             "k=@plain", "k=@lines", "k=@missing", "k==@plain", "k=l=@plain", "=@plain", "@plain=x",
             "http://h/c?x=@lines", "http://h/c?x=1&y=@lines", "--body=@crlf", "@-", "k=@-",
             "@~/plain", "k=@~/utf8", " @plain", "@plain ", "é=@utf8", "@@plain", "k=@@plain"]


def same_expansion():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["HOME"] = folder
        for name, content in FILES.items():
            with open(name, "wb") as file:
                file.write(content)
        for argument in ARGUMENTS:
            results = []
            for function in (real_commands._expand_file_prefixed_files, azcli.expand_arguments):
                sys.stdin = io.StringIO("from stdin\n\n")
                results.append(outcome(function, [argument]))
            compare("argument %r" % argument, *results)
        os.chdir("/")


BODIES = ['{"a": 1}', '{"b":"é","a":[1,2.50,null,true]}', '[]', '"text"', "12", "1e400", "plain",
          "{'python': 'literal'}", "{'a': True, 'b': None}", "{bad", '{"a":1,"a":2}',
          '{"s":"a\tb"}', '{"u":"\\u2028\\ud83d\\ude00"}', " {\"a\" : 1 }\n", "('tuple', 1)", "NaN"]


def same_bodies():
    for body in BODIES:
        def real(text=body):
            try:
                return json.dumps(real_util.shell_safe_json_parse(text)), True
            except Exception:
                return text, False
        compare("body %r" % body, real(), azcli.wire_body(body))


# --- output ---------------------------------------------------------------------------------------

VALUES = [[1, 0, -3, 2.5, 1e30, None, True, False], ["a", "", " ", 'q"uote', "it's", "back\\slash"],
          ["line\nbreak", "tab\there", "cr\rlf\r\n", "\x00\x1b[31m\x7f"],
          ["Zürich", "日本", "😀", "\u2028\u2029", "\u202e", "\ud800"],
          "text", "two\nlines", 7, 2.0, True, False, [], {}, [[]], [{}], [[1, 2], ["a", None]],
          {"b": 1, "a": {"z": None}}, [{"b": 1, "a": "x"}, {"a": [1, 2], "b": {}}],
          OrderedDict([("z", 1), ("a", True)]), [OrderedDict([("z", None), ("a", "t\tab")])]]


def same_output():
    for value in VALUES:
        item = real_output.CommandResultItem(value)
        for output in ("json", "tsv", "none"):
            formatter = getattr(real_output, "format_" + output)
            compare("%s of %r" % (output, value), outcome(formatter, item),
                    outcome(azcli.render, value, output))


# --- replies --------------------------------------------------------------------------------------

LIST = '{"value":[{"n":"a\\tb","v":null},{"n":"é\\"","v":true}],"count":2}'
REPLIES = [  # status, reply text, whether it challenges, further arguments
    (404, '{"error":{"code":"X","message":"mé"}}', False, []),
    (404, "", False, []),
    (500, "line 1\r\nline 2\n", False, []),
    (429, '{"error":{}}', False, ["-o", "none"]),
    (401, "", True, []),
    (401, '{"error":"e"}', False, []),
    (204, "", False, []),
    (200, "<html>\r\nsign in</html>", False, ["--query", "x", "-o", "json"]),
    (203, "<html>sign in</html>", False, ["--only-show-errors"]),
    (200, LIST, False, []),
    (200, LIST, False, ["--query", "value[].n", "-o", "tsv"]),
    (200, LIST, False, ["--query", "value[].[n, v]", "-o", "json"]),
    (200, LIST, False, ["--query", "value[].{z:v, a:n}", "-o", "tsv"]),
    (200, LIST, False, ["--query", "missing"]),
    (200, LIST, False, ["--query", "length(count)"]),
    (200, LIST, False, ["--query", "value["]),
    (200, "null", False, []),
    (200, "[]", False, ["-o", "tsv"]),
    (200, LIST, False, ["--headers"]),
    (200, None, False, []),  # the connection is closed without an answer
]


class Server(http.server.BaseHTTPRequestHandler):
    reply = None

    def do_GET(self):
        status, text, challenge, _ = self.reply
        if text is None:
            self.connection.close()
            return
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", "Bearer")
        if status != 204:
            self.send_header("Content-Length", str(len(text.encode())))
            self.send_header("Content-Type", "application/json; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


def run(program, url, more, environment):
    done = subprocess.run([program, "rest", "--url", url, "--skip-authorization-header", *more],
                          env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, encoding="utf-8", check=False, timeout=120)
    if "Traceback" in done.stderr:  # the stand-in shortens it
        return done.returncode, done.stdout, done.stderr.partition("Traceback")[0]
    return done.returncode, done.stdout, done.stderr.partition("\nExamples from AI")[0]


def same_replies():
    az = next((p for p in ("/usr/bin/az", "/usr/local/bin/az") if os.access(p, os.X_OK)), None)
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        world = os.path.join(folder, "world.json")
        environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "AZURE_CONFIG_DIR": folder,
                       "AZURE_CORE_COLLECT_TELEMETRY": "no", "AZ_WORLD": world, "NO_PROXY": "*",
                       "LC_ALL": "C.UTF-8"}
        for case in REPLIES:
            Server.reply = case
            status, text, challenge, more = case
            fault = {"kind": "lost-reply"} if text is None else \
                {"kind": "reply", "status": status, "text": text, "challenge": challenge}
            with open(world, "w", encoding="utf-8") as file:
                json.dump({"profiles": {}, "faults": [fault]}, file)
            real = run(az, "http://127.0.0.1:%d/" % server.server_port, more, environment)
            compare("reply %r" % (case,), real,
                    run(os.path.join(HERE, "az"), "https://management.azure.com/", more,
                        environment))


if __name__ == "__main__":
    {"expansion": same_expansion, "bodies": same_bodies, "output": same_output,
     "replies": same_replies}[sys.argv[1]]()
    sys.exit(1 if DIFFERENT else 0)
