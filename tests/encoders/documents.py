# SPDX-License-Identifier: MIT
"""Round trips of the encoders for HTML, YAML, PowerShell and HCL: part of roundtrip.py."""

import json
import os
import re
import subprocess
import sys

main = sys.modules["__main__"]


def html_page(reader):
    """As text and in both kinds of quotes, next to an element that must stay whole."""
    items = main.texts(True) + ["a\nb", "\tx"]
    for text, got in zip(items, main.encode("html", items)):
        page = main.Page("<p>%s</p><i>after</i>" % got)
        yield text, page.text, main.shown(text, "\n\r\t") + "after"
        yield text + " (elements)", page.tags, ["p", "i"]
        for quote in "\"'":
            attribute = Attribute("<p title=%s%s%s>x" % (quote, got, quote))
            yield text + " (attribute)", attribute.found, [("title", main.shown(text, "\n\r\t"))]


class Attribute(main.html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found += attrs


def yaml_document(reader):
    """Behind a key, in an item, in brackets; python3-yaml reads YAML 1.1, the package "yaml" 1.2."""
    items = main.texts(True)
    encoded = main.encode("yaml", items)
    page = "".join("- key: %s\n  flow: [%s, {a: %s}]\n" % (e, e, e) for e in encoded)
    if reader == "node":
        done = subprocess.run(
            ["node", "-e", "const y=require('yaml');process.stdout.write(JSON.stringify(y.parse("
                           "require('fs').readFileSync(0,'utf8'))))"],
            input=page.encode(), stdout=subprocess.PIPE, check=True,
            env={**os.environ, "NODE_PATH": os.environ["SRCDIR"] + "/tests/node/node_modules"})
        read = json.loads(done.stdout)
    else:
        import yaml
        read = yaml.safe_load(page)
    yield "count", len(read), len(items)
    for text, got in zip(items, read):
        yield text, got, {"key": text, "flow": [text, {"a": text}]}


PIECE = re.compile(r"'([^']*)'|\[char\]0x([0-9a-f]{4})")


def powershell(reader):
    """No PowerShell is at hand: a grammar that is narrower than its own reads the value back. Between
    single quotes every character stands for itself but the quotes (about_Quoting_Rules)."""
    items = main.texts(True) + ["\u2018\u2019\u201a\u201b", "\U0001f600x", "a\u2013b", "`$(x)"]
    for text, got in zip(items, main.encode("powershell", items)):
        yield text, bool(re.fullmatch(r"[ -~]*", got)), True
        inner = got[1:-1] if got.startswith("(") else got
        pieces = [PIECE.fullmatch(p) for p in re.findall(r"'[^']*'|[^+]+", inner)]
        yield text, all(pieces) and inner == "+".join(p.group(0) for p in pieces), True
        units = [p.group(1) if p.group(2) is None else chr(int(p.group(2), 16)) for p in pieces]
        yield text, pieces[0].group(2), None  # a text comes first, so that + joins texts
        yield text, "".join(units).encode("utf-16", "surrogatepass").decode("utf-16"), text
        yield text, got.startswith("("), len(pieces) > 1


def hcl(reader):
    """The escapes of HCL's quoted templates, by its own specification."""
    def unescape(match):
        if match.group(1):
            return {"n": "\n", '"': '"', "\\": "\\"}[match.group(1)]
        return chr(int(match.group(2) or match.group(3), 16))

    items = main.texts(True) + ["${x}", "%{if x}", "$${", "$%{", "\U0001f600"]
    for text, got in zip(items, main.encode("hcl", items)):
        inner = got[1:-1]
        yield text, bool(re.fullmatch(r'(?:[^"\\]|\\(?:[n"\\]|u[0-9a-f]{4}|U[0-9a-f]{8}))*', inner)), True
        yield text, bool(re.search(r"[$%][{]", re.sub(r"\$\$\{|%%\{", "", inner))), False
        plain = re.sub(r"\$\$\{|%%\{", lambda m: m.group(0)[1:], inner)
        yield text, re.sub(r'\\(?:([n"\\])|u([0-9a-f]{4})|U([0-9a-f]{8}))', unescape, plain), text
