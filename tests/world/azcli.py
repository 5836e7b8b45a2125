# SPDX-License-Identifier: MIT
# The command line half of the az stand-in: argument expansion, options, output and error lines.
"""Behaves like azure-cli 2.45.0 and knack; world.bats compares it with the installed az."""

import base64
import codecs
import json
import os
import sys
from collections import OrderedDict

QUERY_HELP = ("To learn more about --query, please visit: "
              "'https://docs.microsoft.com/cli/azure/query-azure-cli'")
NOT_JSON = ('WARNING: Not a json response, outputting to stdout. For binary data suggest use '
            '"--output-file" to write to a file')
NO_RESOURCE = ("WARNING: Can't derive appropriate Azure AD resource from --url to acquire an "
               "access token. If access token is required, use --resource to specify the resource")
UNEXPECTED = "The command failed with an unexpected error. Here is the traceback:"
SIGN_IN_AGAIN = "Interactive authentication is needed. Please run:\naz logout\naz login"

COMMON = {"--output": "output", "-o": "output", "--query": "query",
          "--subscription": "subscription"}
FLAGS = {"--only-show-errors": "only_show_errors"}
GROUP = {"--name": "name", "-n": "name", "--resource-group": "name", "-g": "name"}
COMMANDS = {  # words: (options with one value, options with several, flags, required)
    ("version",): ({}, {}, {}, ()),
    ("account", "show"): ({"-s": "subscription", "--name": "subscription", "-n": "subscription"},
                          {}, {}, ()),
    ("account", "list"): ({}, {}, {"--all": "all", "--refresh": "refresh"}, ()),
    ("group", "show"): (GROUP, {}, {}, ("name",)),
    ("group", "create"): ({**GROUP, "--location": "location", "-l": "location"},
                          {"--tags": "tags"}, {}, ("name", "location")),
    ("rest",): ({"--method": "method", "-m": "method", "--url": "url", "--uri": "url", "-u": "url",
                 "--body": "body", "-b": "body", "--resource": "resource"},
                {"--headers": "headers", "--uri-parameters": "params",
                 "--url-parameters": "params"},
                {"--skip-authorization-header": "no_token"}, ("url",)),
}
REQUIRED = {"url": "--url/--uri/-u", "name": "--name/-n/--resource-group/-g",
            "location": "--location/-l"}
METHODS = ("head", "get", "put", "post", "delete", "options", "patch")
OUTPUTS = ("json", "tsv", "none")


class CliError(Exception):
    """A failure of the command line itself: the text of the ERROR line and the exit status."""

    def __init__(self, text, status=1, more=""):
        super().__init__(text)
        self.text, self.status, self.more = text, status, more


def read_file_content(path):
    """As azure.cli.core.util.read_file_content(allow_binary=True)."""
    for encoding in ("utf-8-sig", "utf-8", "utf-16", "utf-16le", "utf-16be"):
        try:
            with codecs.open(path, encoding=encoding) as file:  # its reader drops half characters
                return file.read()
        except UnicodeError:
            pass
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode("ascii")


def expand_arguments(args):
    """Replaces @file, key=@file and @- as the real az does to every argument."""
    def load(text):
        if not text.startswith("@") or len(text) == 1:
            return text
        try:
            content = sys.stdin.read() if text == "@-" else \
                read_file_content(os.path.expanduser(text[1:]))
        except OSError:
            return text
        return content.rstrip(os.linesep)

    def expand(arg):
        key, equals, value = arg.partition("=")
        return key + equals + load(value) if equals else load(arg)

    return [expand(arg) for arg in args]


def is_option(arg, known):
    """argparse's rule for telling an option from a value."""
    if not arg.startswith("-") or len(arg) == 1:
        return False
    return arg.split("=", 1)[0] in known or " " not in arg


def parse(args):
    """The command words and its options; CliError(…, 2) as az for what is wrong."""
    words = next((w for w in COMMANDS if tuple(args[:len(w)]) == w), None)
    if words is None:
        raise CliError("Not Implemented(az %s)" % " ".join(args))
    single, several, flags, required = COMMANDS[words]
    single, flags = {**COMMON, **single}, {**FLAGS, **flags}
    known = {**single, **several, **flags}
    options, unknown, at = {}, [], len(words)
    while at < len(args):
        name, equals, value = args[at].partition("=")
        at += 1
        if not is_option(args[at - 1], known) or name not in known:
            unknown.append(args[at - 1])
        elif name in flags:
            options[flags[name]] = True
        elif name in several:
            values = [value] if equals else []
            while not equals and at < len(args) and not is_option(args[at], known):
                values.append(args[at])
                at += 1
            if not values:
                raise CliError("argument %s: expected at least one argument" % name, 2)
            options[several[name]] = values
        elif equals:
            options[single[name]] = value
        elif at < len(args) and not is_option(args[at], known):
            options[single[name]] = args[at]
            at += 1
        else:
            raise CliError("argument %s: expected one argument" % name, 2)
    missing = [REQUIRED[name] for name in required if name not in options]
    if missing:
        raise CliError("the following arguments are required: " + ", ".join(missing), 2)
    if unknown:
        raise CliError("unrecognized arguments: " + " ".join(unknown), 2)
    check_choice(options, "method", METHODS, "--method/-m")
    check_choice(options, "output", OUTPUTS, "--output/-o")
    compile_query(options)
    return words, options


def check_choice(options, name, choices, shown):
    value = options.get(name)
    if value is None:
        return
    options[name] = value.lower()
    if options[name] not in choices:
        raise CliError("argument %s: invalid choice: '%s' (choose from %s)"
                       % (shown, value, ", ".join("'%s'" % c for c in choices)), 2)


def compile_query(options):
    text = options.get("query")
    if text is None:
        return
    from jmespath import compile as compile_jmespath  # only here: it doubles the start time
    try:
        options["query"] = compile_jmespath(text)
    except (ValueError, KeyError):
        raise CliError("argument --query: invalid jmespath_type value: %r" % text, 2, QUERY_HELP)


def loose_json(text):
    """As shell_safe_json_parse: JSON, or a Python literal, or ValueError."""
    try:
        return json.loads(text)
    except ValueError:
        if text.lstrip()[:1] not in tuple("{[('\""):
            raise
        import ast
        try:
            return ast.literal_eval(text)
        except Exception:
            raise ValueError(text) from None


def key_values(items):
    result = {}
    for item in items or []:
        try:
            result.update(loose_json(item))
        except ValueError:
            key, equals, value = item.partition("=")
            if not equals:
                raise CliError(UNEXPECTED)
            result[key] = value
    return result


def wire_body(text):
    """The text that goes over the wire and whether az labels it application/json."""
    if not text:
        return None, False
    try:
        return json.dumps(loose_json(text)), True
    except ValueError:
        return text, False


# --- output, as knack/output.py -------------------------------------------------------------------

def tsv_cell(value):
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, dict):
        return ""
    return value if isinstance(value, str) else str(value)


def tsv_row(data):
    if isinstance(data, OrderedDict):
        return "\t".join(map(tsv_cell, data.values()))
    if isinstance(data, dict):
        return "\t".join(tsv_cell(value) for _, value in sorted(data.items()))
    if isinstance(data, list):
        return "\t".join(map(tsv_cell, data))
    return tsv_cell(str(data).lower() if isinstance(data, bool) else data)


def render(result, output):
    if result is None or output == "none":
        return ""
    if output == "tsv":
        rows = result if isinstance(result, list) else [result]
        return "".join(tsv_row(row) + "\n" for row in rows)
    return json.dumps(result, ensure_ascii=False, indent=2, sort_keys=True,
                      separators=(",", ": ")) + "\n"


def search(query, result):
    if query is None:
        return result
    from jmespath import Options
    from jmespath.exceptions import JMESPathError
    try:
        return query.search(result, Options(OrderedDict))
    except JMESPathError as error:
        raise CliError("Invalid jmespath query supplied for `--query`: %s" % error, 1, QUERY_HELP)


def write_out(text):
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError:
        sys.stderr.write("WARNING: Unable to encode the output with %s encoding. Unsupported "
                         "characters are discarded.\n" % sys.stdout.encoding)
        sys.stdout.write(text.encode("ascii", "ignore").decode("ascii"))


def connection_error(error):
    """What az prints when requests raises ConnectionError; the traceback is shortened."""
    return CliError(
        UNEXPECTED + "\nERROR: %s\n"
        "Traceback (most recent call last):\n"
        '  File "/usr/lib/python3/dist-packages/requests/adapters.py", line 547, in send\n'
        "    raise ConnectionError(err, request=request)\n"
        "requests.exceptions.ConnectionError: %s" % (error, error), 1,
        "To check existing issues, please visit: https://github.com/Azure/azure-cli/issues\n"
        "To open a new issue, please run `az feedback`")
