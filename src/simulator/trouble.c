/* SPDX-License-Identifier: MIT
 * Refusals and failures that a service is told to answer.
 *
 * Wording: Azure DevOps' rate limit from
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits, which documents the
 * message but not the typeKey; Graph's from https://learn.microsoft.com/graph/throttling and from
 * replies that are quoted at https://learn.microsoft.com/answers/questions/1138873. */
#include "simulator/trouble.h"

#include <string.h>

#include "simulator/arm.h"
#include "simulator/devops.h"
#include "simulator/graph.h"

static void arm(struct sim_call *call, int status, const char *code, const char *text)
{
    arm_fail(call, status, code, "%s", text);
}

static void devops(struct sim_call *call, int status, const char *code, const char *text)
{
    devops_fail(call, status, code, "%s", text);
}

static const struct {
    enum service service;
    int status;
    void (*fail)(struct sim_call *call, int status, const char *code, const char *text);
    const char *code, *text;
} answers[] = {
    {SERVICE_ARM, 403, arm, "AuthorizationFailed",
     "The client does not have authorization to perform the action over this scope or the scope is "
     "invalid. If access was recently granted, please refresh your credentials."},
    {SERVICE_ARM, 429, arm, "TooManyRequests", "The request was throttled."},
    {SERVICE_ARM, 500, arm, "InternalServerError",
     "The server encountered an internal error. Please retry the request."},
    {SERVICE_GRAPH, 403, graph_fail, "Authorization_RequestDenied",
     "Insufficient privileges to complete the operation."},
    {SERVICE_GRAPH, 429, graph_fail, "TooManyRequests",
     "Too many requests. Please try again later."},
    {SERVICE_GRAPH, 500, graph_fail, "Service_InternalServerError",
     "Encountered an internal server error."},
    {SERVICE_DEVOPS, 403, devops, "AccessCheckException",
     "Access denied. For more information, contact the Azure DevOps Services administrator."},
    {SERVICE_DEVOPS, 429, devops, "RequestBlockedException",
     "TF400733: The request has been canceled: Request was blocked due to exceeding usage of "
     "resource 'Concurrency' in namespace 'Unknown'."},
    {SERVICE_DEVOPS, 500, devops, "VssServiceException",
     "TF400898: An Internal Error Occurred. Activity Id: 00000000-0000-4000-8000-000000000000."},
};

void trouble_answer(struct sim_call *call)
{
    size_t i;

    if (call->trouble == 429)
        call_reply_header(call, "Retry-After", "2");
    for (i = 0; i < sizeof answers / sizeof *answers; i++)
        if (answers[i].service == call->host->service && answers[i].status == call->trouble) {
            answers[i].fail(call, answers[i].status, answers[i].code, answers[i].text);
            return;
        }
    call->code = "InternalServerError";
    call_reply_text(call, 500, "text/plain", "the service is out of order\n");
}
