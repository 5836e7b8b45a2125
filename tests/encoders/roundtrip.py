#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""roundtrip.py ENCODER READER: writes nasty texts through an encoder, reads them back with the real
reader of the language, and compares. Prints every text that does not survive."""

import html.parser
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
TOOL = os.environ.get("ENCODE_TOOL") or os.environ["BUILDDIR"] + "/tests/encoders/encode_tool"
CAPTURED = "value of $(touch pwned) `it` \"'\\ *"


ALPHABET = list("aA0 .,:;-_=+*?!/|&#%@~^$`'\"\\()[]{}<>") + ["${", "$(", "%{", "##vso[", "-->", "EOF",
                                                                  "\u00fc", "\u2019", "\u201c", "\u2013", "\U0001f600"]


def random_texts(controls):
    """The same in every run, unless SEED says otherwise; COUNT of them."""
    source = random.Random(os.environ.get("SEED", "azdo-wif"))
    letters = ALPHABET + (["\n", "\t", "\r", "\x7f", "\u2028", "\u202e"] if controls else [])
    return ["x" + "".join(source.choice(letters) for _ in range(source.randint(1, 24)))
            for _ in range(int(os.environ.get("COUNT", "100")))]


def texts(controls=False):
    with open(HERE + "/nasty.txt", encoding="utf-8", newline="\n") as file:
        found = file.read().split("\n")[:-1] + [""]
    found.append("".join(chr(c) for c in range(0x20, 0x7F)))
    found += [chr(c) for c in range(0x21, 0x7F)]
    found += ["a%sb" % chr(c) for c in range(0x20, 0x7F)]
    found.append("".join(chr(c) for c in range(0xA1, 0x250) if c != 0xAD))
    found.append("".join(chr(c) for c in range(0x400, 0x11000, 7)
                         if not 0xD800 <= c < 0xE000 and shown(chr(c)) == chr(c)))
    if controls:
        found += random_texts(True)
        found += ["a\nb", "\n", "a\n", "\nEND\n", "a\tb", "a\rb", "\x1b[31m", "\x7f", "\x80\x85",
                  "\u2028", "\u202e", "a\x03b\x1fc", "```\n~~~\n  ``` \nx```"]
    return found


def shown(text, keep=""):
    """What a person is shown for it: names for control and deceptive characters."""
    ranges = [(0, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C),
              (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
              (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F),
              (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF)]
    return "".join("U+%04X" % ord(c) if c not in keep and any(a <= ord(c) <= b for a, b in ranges)
                   else c for c in text)


def encode(name, items):
    done = subprocess.run([TOOL, name], input="".join(i + "\0" for i in items).encode(),
                          stdout=subprocess.PIPE, check=True, timeout=60)
    return done.stdout.decode().split("\0")[:-1]


def run(command, script, **environment):
    """Runs in a folder with files to glob, and tells when something was created there."""
    with tempfile.TemporaryDirectory() as folder:
        open(folder + "/a.txt", "w").close()
        done = subprocess.run(command, input=script.encode(), stdout=subprocess.PIPE, cwd=folder,
                              check=True, env={"PATH": os.environ["PATH"], "x": "X", **environment})
        if os.listdir(folder) != ["a.txt"]:
            print("something was executed: %s" % os.listdir(folder))
            sys.exit(1)
    return done.stdout.decode()


def shell(shell_name, template, items, encoded):
    """TEMPLATE must print the text once and nothing else."""
    script = 'f() { printf "%s:" "$#"; printf "%s" "$@"; }\n'
    script += "".join(template % e + "\nprintf '\\0'\n" for e in encoded)
    out = run([shell_name], script, client_id=CAPTURED).split("\0")[:-1]
    return zip(items, out)


CAPTURES = ["\x01client_id\x02", "a\x01client_id\x02b", "it's \x01client_id\x02's", "$\x01client_id\x02",
            "\\\x01client_id\x02", "\x01client_id\x02\x01client_id\x02", "\"\x01client_id\x02 x"]


def shell_case(encoder, template, prefix, suffix):
    def check(shell_name):
        items = texts(encoder != "comment")
        if encoder != "shell_single":
            items += CAPTURES
        if encoder == "heredoc":
            items.remove("EOF_OF_TEST")  # the renderer's part: a value that ends the here-document
        for text, got in shell(shell_name, template, items, encode(encoder, items)):
            yield text, got, prefix + text.replace("\x01client_id\x02", CAPTURED) + suffix
    return check


def comment(shell_name):
    items = texts(True) + CAPTURES
    encoded = encode("comment", items)
    for text, got in zip(items, encoded):
        yield text, got, shown(text.replace("\x01", "${").replace("\x02", "}"))
    for text, got in shell(shell_name, "# %s\nf ok", items, encoded):
        yield text, got, "1:ok"


def json_python(encoder):
    items = texts(True)
    for text, got in zip(items, encode(encoder, items)):
        yield text, got, json.dumps(text, ensure_ascii=False)


def json_case(reader):
    if reader == "python":
        yield from json_python("json")
        return
    items = texts(True)
    command = {"jq": ["jq", "-c", "map(explode)"],
               "node": ["node", "-e", "process.stdout.write(JSON.stringify(JSON.parse(require('fs')"
                                      ".readFileSync(0,'utf8')).map(t=>[...t].map(c=>c.codePointAt(0)))))"]}
    out = run(command[reader], "[" + ",".join(encode("json", items)) + "]")
    for text, got in zip(items, json.loads(out)):
        yield text, got, [ord(c) for c in text]


def json_final(_reader):
    """A literal "${" is "$${", so that what is "${" can only be a capture."""
    items = texts(True)
    for text, got in zip(items, encode("json_final", items)):
        yield text, re.sub(r"\$\$\{", "${", json.loads(got)), text
        yield text, re.search(r"(?<!\$)\$\{", got), None
    yield "capture", encode("json_final", ["a\x01client_id\x02b"]), ['"a${client_id}b"']


def url(encoder):
    def check(_reader):
        items = texts(True)
        for text, got in zip(items, encode(encoder, items)):
            yield text, got, urllib.parse.quote(text, safe="")
            yield text, urllib.parse.unquote(got, errors="strict"), text
        yield "capture", encode(encoder, ["/\x01a\x02"]), ["%2F\x01a\x02"]
    return check


def odata(_reader):
    items = texts(True)
    for text, got in zip(items, encode("odata", items)):
        yield text, bool(re.fullmatch(r"'(?:[^']|'')*'", got)), True
        yield text, got[1:-1].replace("''", "'"), text


def jmespath(_reader):
    import jmespath as library
    items = texts(True)
    for text, got in zip(items, encode("jmespath", items)):
        yield text, library.search(got, None), text
        yield text, library.search("[?@ == %s] | [0]" % got, ["x", text, text + "x"]), text
        yield text, bool(re.search(r"[^\x20-\x7e]|[@{}]", got)), False


class Page(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.parts = [], []
        self.feed(page)
        self.close()
        self.text = "".join(self.parts)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_comment(self, data):
        if data != " ":  # what keeps an "@" from making an address
            self.tags.append("comment")

    def handle_data(self, data):
        self.parts.append(data)


def markdown(reader, pages):
    """HTML of each page."""
    if reader == "markdown-it":
        import markdown_it
        parser = markdown_it.MarkdownIt("commonmark").enable("table")
        return [parser.render(page) for page in pages]
    command = {"cmark": ["cmark", "--unsafe"],
               "cmark-gfm": ["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough",
                             "-e", "autolink", "-e", "tasklist"]}[reader]
    mark = "\n\n<hr class=page>\n\n"
    out = subprocess.run(command, input=mark.join(pages).encode(), stdout=subprocess.PIPE, check=True)
    return out.stdout.decode().split("<hr class=page>")


def markdown_case(encoder):
    """The text in all places where it may stand: shown as it is, without any element of its own."""
    tables = [("|a|b|\n|-|-|\n|%s|z|\n", ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"],
               "ab", "z")]
    plain = [("%s", ["p"], "", ""), ("x %s y", ["p"], "x ", " y"), ("x%sy", ["p"], "x", "y"),
             ("1%s", ["p"], "1", ""), ("# %s", ["h1"], "", ""), ("- %s", ["ul", "li"], "", ""),
             ("[%s](u)", ["p", "a"], "", ""), ("[x](u)%s", ["p", "a"], "x", ""), ("%s[x](u)", ["p", "a"], "", "x"),
             ("x\n%s", ["p"], "x\n", ""), ("**%s**", ["p", "strong"], "", "")]

    def check(reader):
        places = {"md": plain + tables, "md_code": plain[:3] + plain[4:6],
                  "md_cell": tables}[encoder]
        if reader == "cmark":
            places = [p for p in places if p not in tables]
        items = [t for t in texts(True) if t.strip()]
        encoded = encode(encoder, items)
        for page, tags, before, after in places:
            if encoder == "md" and page == "**%s**":
                chosen = [(t, e) for t, e in zip(items, encoded) if t[0].isalnum() and t[-1].isalnum()]
            else:
                chosen = list(zip(items, encoded))
            if encoder != "md":
                tags = tags + ["code"]
            pages = markdown(reader, [page % e for _, e in chosen])
            for (text, _), result in zip(chosen, pages):
                got = Page(result)
                yield (page % text, got.text.replace("\n", ""),
                       (before + shown(text) + after).replace("\n", ""))
                yield page % text + " (elements)", sorted(got.tags), sorted(tags)
    return check


def md_fence(reader):
    items = [t for t in texts(True) if t]
    encoded = encode("md_fence", items)
    for fence in ("```", "~~~", "````"):
        pages = markdown(reader, ["%s\n%s\n%s\n\nafter\n" % (fence, e, fence) for e in encoded])
        for text, result in zip(items, pages):
            got = Page(result)
            lines = [shown(line, "\t") for line in text.split("\n")]
            indented = ["    " + line if re.fullmatch(r"[`~ \t]*[`~][`~ \t]*", line) else line
                        for line in lines]
            yield text, got.text.strip("\n"), "\n".join(indented + ["", "after"]).strip("\n")
            yield text + " (elements)", got.tags, ["pre", "code", "p"]


def mermaid(_reader):
    items = texts(True)
    for text, got in zip(items, encode("mermaid", items)):
        yield text, bool(re.fullmatch(r"(?:#\d+;|U\+[0-9A-F]{4,6}|[\w ./]|[^\x00-\x7f])*", got)), True
        yield text, bool(re.search(r"(?i)(?<!\w)end(?!\w)", got)), False
        yield text, re.sub(r"#(\d+);", lambda m: chr(int(m.group(1))), got), shown(text)


def plain(encoder, keep):
    def check(_reader):
        items = texts(True)
        for text, got in zip(items, encode(encoder, items)):
            yield text, bool(re.search(r"(?i)##(vso)?\[", "#" + got)), False
            yield text, re.sub(r"(?i)(#(?:vso)?) \[", r"\1[", got), shown(text, keep)
    return check


from documents import hcl, html_page, powershell, yaml_document  # noqa: E402, they need the above

CASES = {
    "html": html_page,
    "yaml": yaml_document,
    "powershell": powershell,
    "hcl": hcl,
    "shell": shell_case("shell", "f %s", "1:", ""),
    "shell_double": shell_case("shell_double", 'f "<%s>"', "1:<", ">"),
    "shell_single": shell_case("shell_single", "f '<%s>'", "1:<", ">"),
    "heredoc": shell_case("heredoc", "cat <<EOF_OF_TEST\n%s\nEOF_OF_TEST", "", "\n"),
    "comment": comment,
    "json": json_case,
    "json_final": json_final,
    "url_path": url("url_path"),
    "url_query": url("url_query"),
    "odata": odata,
    "jmespath": jmespath,
    "md": markdown_case("md"),
    "md_code": markdown_case("md_code"),
    "md_cell": markdown_case("md_cell"),
    "md_fence": md_fence,
    "mermaid": mermaid,
    "plain": plain("plain", ""),
    "plain_lines": plain("plain_lines", "\n"),
}


def main():
    encoder, reader = sys.argv[1], sys.argv[2]
    checked = failed = 0
    for text, got, want in CASES[encoder](reader):
        checked += 1
        if got != want:
            failed += 1
            if failed <= 10:
                print("text: %r\ngot:  %r\nwant: %r" % (text, got, want))
    print("%d checks, %d failed" % (checked, failed))
    sys.exit(failed > 0 or checked < 60)


main()
