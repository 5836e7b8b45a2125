/* SPDX-License-Identifier: MIT
 * The program. All it does is in the layers below; to read them, start at the top of this map,
 * where each file needs only those above it:
 *
 *     base/       used by all: memory, text, findings
 *         arena strbuf utf8 capture digest guid typo diag fsio
 *     encode/     a value as a word of a language
 *     format/     bytes into located records, JSON both ways
 *     template/   Mustache, with the encoder chosen by the place
 *         scan parse     from text to a tree
 *         place*         where a tag stands, in each language
 *         resolve load   names, places and partials checked
 *         value data     what a template is filled with
 *         render         the checked template filled; lenient: to the letter of the specification
 *         builtin directory   where templates come from
 *     model/      the INI file as checked data
 *     plan/       what is to be done, in order
 *     emit/       the output folder
 *         emit    from a plan, through templates, to the text of every file
 *         stamp   which file is ours, and unedited
 *         folder  work below an open folder, never through a symbolic link
 *         look    what stands in the output folder already
 *         stage   changes in it that can be taken back
 *         outdir  all of it replaced, or nothing
 *         diff    how two files differ
 *         export  the built-in templates as files
 *     simulator/  a simulated Entra, Resource Manager, Graph and Azure DevOps; knows none of the above
 *         world world_check   the state, one JSON document
 *         keys token hosts    certificates, signatures, which hosts there are
 *         call call_body      one request to a service, and its answer
 *         entra* credential arm* graph* devops*   the services and their rules
 *         proxy server        HTTPS on loopback
 *     remote/     one HTTPS request
 *     rehearse/   the scripts of a description, run in a simulated world
 *         fit*                the world that fits a description
 *         isolation sandbox surroundings lab   walls, processes, az signed in
 *         job phases outcome rehearsal         what is run, and what must come of it
 *     cli/        the only layer that prints and exits
 *         options report term description help
 *         observed worlds simulate* rehearse*   what simulate and rehearse do
 *         cmd_init cmd_generate cmd_check cmd_plan cmd_simulate cmd_rehearse cmd_templates cmd_render
 *         cmd_completion
 *         commands dispatch */
#include "cli/dispatch.h"

int main(int argc, char **argv)
{
    return dispatch(argc, argv);
}
