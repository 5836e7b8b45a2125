#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# What a browser makes of the page of a rehearsal, and the data of a page that attacks it.
"""page.py COMMAND

  hostile FILE.json        prints the data with nasty text in place of each text
  values FILE.json         prints, as a JSON list, the texts that a page of this data shows
  check PAGE [VALUES]      opens PAGE in headless Chromium with JavaScript, and judges the document after
                           loading: only elements and attributes of the template, its title, every value
                           in its text; exit 1 with what is wrong
  title PAGE               prints the title after loading
  contrast STYLE           colours of text on their backgrounds, light and dark, by WCAG 2

The browser reaches nothing: its proxy is a port where nobody listens."""

import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile

PAYLOADS = [
    "<script>document.title='pwned'</script>",
    "\"><img src=x onerror=\"document.title='pwned'\">",
    "' autofocus onfocus='document.title=1' tabindex='1",
    "&lt;b&gt; &amp; & &#60;script&#62; &copy",
    "javascript:document.title='pwned'",
    "</title></style></script></textarea><svg onload=\"document.title='pwned'\">",
    "שלום עולם (1)",
    "مرحبا <b>",
    "a\u202etxt.exe\u2066 \u200bzero",
    "{{ini}} {{{ini}}} {{>html/style.html}} {{=<% %>=}}",
    "<!-- --> ]]> <![CDATA[ <!doctype x> <?php",
    "n" * 3000,
    "</details></pre></code></bdi></td></table></main></body></html>",
    "<base href=//attacker.example><meta http-equiv=refresh content='0;url=//attacker.example'>",
    "$(id) `id` ${IFS} ' \" \\ ; ##vso[task.setvariable]",
    "\x1b[31mred\x07\x9b",
    "<a href=javascript:document.title=1 id=verdict>x</a><form action=//x><input name=title>",
    "<style>*{display:none}</style><link rel=stylesheet href=//attacker.example/x.css>",
    "é漢字 \U0001f600",
]

# Members that a page does not show, or only as a part of another text.
NOT_SHOWN = {"kind": ("phases", "faults"), "name": ("kinds",), "host": ("calls",), "target": ("calls",),
             "connection": ("phases",), "person": ("phases",), "role_id": ("assignments",), "principal_id": ("assignments",)}

ELEMENTS = set("""html head meta title style body a header nav ul ol li main section article div span p h1 h2 h3 h4
 dl dt dd code pre bdi strong table thead tbody tr th td details summary footer br""".split())
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "href", "id", "scope", "open", "colspan",
    "tabindex", "role", "aria-label", "aria-labelledby", "aria-hidden"}
VOID = {"meta", "br"}
TITLE = "Rehearsal of a service connection"


def walk(data, path=()):
    """(path, text) of each text that is no number; the path holds the members above it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, path + (key,))
    elif isinstance(data, list):
        for value in data:
            yield from walk(value, path)
    elif isinstance(data, str):
        yield path, data


def is_shown(path):
    return not (path[-1] in NOT_SHOWN and path[0] != "end_state" and
                any(above in path[:-1] for above in NOT_SHOWN[path[-1]]))


def make_hostile(data, count=None):
    count = count if count is not None else [0]
    if isinstance(data, dict):
        return {key: make_hostile(value, count) for key, value in data.items()}
    if isinstance(data, list):
        return [make_hostile(value, count) for value in data]
    if not isinstance(data, str) or not data:
        return data
    count[0] += 1
    return "%s v%d" % (PAYLOADS[count[0] % len(PAYLOADS)], count[0])


DECEPTIVE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def visible(text):
    """As the HTML encoder writes what a reader would not see."""
    return DECEPTIVE.sub(lambda match: "U+%04X" % ord(match.group()), text)


def values(data):
    shown = [visible(text) for path, text in walk(data)
             if path[0] != "end_state" and is_shown(path) and text]
    return list(dict.fromkeys(shown))


class Document(html.parser.HTMLParser):
    """The document that the browser has after loading, as it writes it down again."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.title, self.problems, self.open = [], [], "", [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.problems.append("the element %s is not closed in order" % tag)

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title += data
        elif self.open and self.open[-1] != "style":
            self.text.append(data)

    def handle_comment(self, data):
        self.problems.append("a comment: %s" % data[:60])

    def content(self):
        return "".join(self.text)


def browse(page):
    with tempfile.TemporaryDirectory(dir=os.environ.get("BATS_TEST_TMPDIR")) as profile:
        run = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--user-data-dir=" + profile, "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--proxy-server=127.0.0.1:1", "--proxy-bypass-list=<-loopback>",
             "--virtual-time-budget=2000", "--dump-dom", "file://" + os.path.abspath(page)],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=True,
            env=dict(os.environ, HOME=profile, XDG_CONFIG_HOME=profile, XDG_CACHE_HOME=profile))
    return Document(run.stdout.decode("utf-8"))


def structure(document):
    """What a reader with another device than eyes, and a printer, rely on."""
    ids = [attrs["id"] for _, attrs in document.elements if "id" in attrs]
    names = [tag for tag, _ in document.elements]
    for name in set(ids):
        if ids.count(name) > 1:
            yield "the id %s is there twice" % name[:60]
    for tag in ("h1", "main", "header", "footer", "nav", "title"):
        if names.count(tag) != 1:
            yield "%d elements %s" % (names.count(tag), tag)
    for tag, attrs in document.elements:
        if tag == "html" and attrs.get("lang") != "en":
            yield "no language"
        if tag == "th" and attrs.get("scope") not in ("col", "row"):
            yield "a table header of nothing"
        if tag == "a" and not (attrs.get("href", "").startswith("#") and attrs["href"][1:] in ids):
            yield "a link elsewhere, or to nothing: %s" % attrs.get("href", "")[:60]
        if tag == "section" and attrs.get("aria-labelledby") not in ids:
            yield "a section without a name"


def judge(document, wanted):
    yield from document.problems
    for tag, attrs in document.elements:
        if tag not in ELEMENTS:
            yield "an element %s: %s" % (tag, attrs)
        for name in attrs:
            if name not in ATTRIBUTES:
                yield "an attribute %s of %s: %s" % (name, tag, attrs[name])
        if attrs.get("http-equiv", "Content-Security-Policy") != "Content-Security-Policy":
            yield "http-equiv %s" % attrs["http-equiv"]
    if document.title != TITLE:
        yield "the title is %s" % document.title[:60]
    yield from structure(document)
    content = document.content()
    for value in wanted:
        if value not in content:
            yield "not in the text: %s" % value[:100]


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ratio(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PAIRS = [(front, back) for back in ("page", "card") for front in ("ink", "quiet", "link", "good", "bad", "weigh")]
PAIRS += [(front, front + "-back") for front in ("good", "bad", "weigh")]
PAIRS += [(front, back + "-back") for front in ("ink", "link") for back in ("good", "bad", "weigh")]


def contrast(style):
    schemes = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
               for block in re.findall(r":root \{(.*?)\}", style, re.S)]
    if len(schemes) != 3:
        yield "%d sets of colours, not light, dark and print" % len(schemes)
    for number, colours in enumerate(schemes):
        for front, back in PAIRS:
            if ratio(colours[front], colours[back]) < 4.5:
                yield "%s on %s, set %d: %.1f" % (front, back, number, ratio(colours[front], colours[back]))


def say(problems):
    problems = list(problems)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def load(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file) if name.endswith(".json") else file.read()


def main(command, name, *more):
    if command == "hostile":
        print(json.dumps(make_hostile(load(name))))
    elif command == "values":
        print(json.dumps(values(load(name))))
    elif command == "check":
        return say(judge(browse(name), load(more[0]) if more else []))
    elif command == "title":
        print(browse(name).title)
    elif command == "contrast":
        return say(contrast(load(name)))
    else:
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
