// SPDX-License-Identifier: MIT
// azure-devops-node-api: service connections, with their pipelines, checks, roles and projects. For what
// the library has no function it is its own REST client that calls.
import { WebApi, getBearerHandler } from 'azure-devops-node-api';
import { eventually, like, printVersions, refused, run } from './checks.mjs';
import {
  absent,
  connectionFor,
  fixedToken,
  organization,
  otherProject,
  person,
  project,
  reference,
  scopes,
  tenant,
  tokenFor,
} from './places.mjs';

const clientId = '55555555-5555-4555-8555-000000000001';
const readerMember = '66666666-6666-4666-8666-000000000012';
const roleScope = 'distributedtask.serviceendpointrole';

async function signedIn(credential, scope = scopes.devops) {
  const api = new WebApi(organization, getBearerHandler(await tokenFor(credential, scope)));
  return { api, endpoints: await api.getServiceEndpointApi(), rest: api.rest };
}

const connection = (name, change = {}) => ({ ...connectionFor(name, clientId), ...change });

// A connection with one of its parts changed.
const withParameter = (name, value) => {
  const whole = connection('other');
  whole.authorization.parameters[name] = value;
  return whole;
};
const withData = (name, value, whole = connection('other')) => ({ ...whole, data: { ...whole.data, [name]: value } });

const admin = await signedIn(person('admin'));
const { endpoints } = admin;
const byName = (name, as = endpoints) =>
  as.getServiceEndpointsByNames(project.id, [name], undefined, undefined, undefined, true);
const invalid = (...words) => refused(400, 'VssPropertyValidationException', ...words);
const denied = refused(403, 'AccessCheckException', 'ccess denied');
// The library makes null of a 404.
const notThere = like(null);

async function places() {
  const core = await admin.api.getCoreApi();
  await run('the organization', [
    [
      'says who is signed in',
      () => admin.api.connect(),
      like({
        instanceId: '66666666-6666-4666-8666-000000000001',
        authenticatedUser: { id: '66666666-6666-4666-8666-000000000011' },
      }),
    ],
    ['knows the project by name', () => core.getProject(project.name), like({ ...project, state: 'wellFormed' })],
    ['lists its projects', () => core.getProjects(), like({ length: 2 })],
    ['has no other project', () => core.getProject('Nothing'), notThere],
    [
      'is not any other',
      async () => new WebApi('https://dev.azure.com/fabrikam', getBearerHandler('none')).connect(),
      notThere,
    ],
  ]);
}

async function creation() {
  const create = (whole) => endpoints.createServiceEndpoint(whole);
  await run('a connection', [
    ['is not there yet', () => byName('payments'), like({ length: 0 })],
    [
      'takes no key',
      () => create(withParameter('serviceprincipalkey', 'secret')),
      refused(400, 'ArgumentException', 'serviceprincipalkey'),
    ],
    [
      'takes no way to sign in',
      () => create(withParameter('authenticationType', 'spnKey')),
      refused(400, 'ArgumentException', 'authenticationType'),
    ],
    ['needs a client id', () => create(withParameter('serviceprincipalid', 'none')), invalid('serviceprincipalid')],
    ['needs a subscription', () => create(withData('subscriptionId', '')), invalid('data.subscriptionId')],
    ['needs a scope that there is', () => create(withData('scopeLevel', 'ResourceGroup')), invalid("'ResourceGroup'")],
    ['has nothing else', () => create(withData('secret', 'x')), invalid("'secret'")],
    [
      'has the address of its cloud',
      () => create(connection('other', { url: 'https://management.azure.com' })),
      invalid('url'),
    ],
    [
      'is of a project',
      () => create(connection('other', { serviceEndpointProjectReferences: [] })),
      invalid('project reference is required'),
    ],
    [
      'is of a project that there is',
      () => create(connection('other', { serviceEndpointProjectReferences: [reference({ id: absent }, 'other')] })),
      notThere,
    ],
    [
      'is created',
      () => create(connection('payments')),
      like({
        name: 'payments',
        type: 'azurerm',
        authorization: {
          parameters: {
            workloadIdentityFederationIssuer: `https://login.microsoftonline.com/${tenant}/v2.0`,
            workloadIdentityFederationSubject: (text) =>
              /^\/eid1\/c\/pub\/t\/[\w-]{22}\/a\/rISbSSETf0KqFyZ8ppdXmA\/sc\//.test(text),
          },
        },
      }),
    ],
    [
      'does not share its name',
      () => create(connection('payments')),
      refused(500, 'DuplicateServiceConnectionException', 'payments'),
    ],
    [
      'nor in other letters',
      () => create(connection('PAYMENTS')),
      refused(500, 'DuplicateServiceConnectionException', 'PAYMENTS'),
    ],
    ['is found by its name', () => byName('payments'), like({ 0: { name: 'payments' }, length: 1 })],
    ['that is none is null', () => endpoints.getServiceEndpointDetails(project.id, absent), notThere],
  ]);
  return (await byName('payments'))[0];
}

async function change(made) {
  const update = (whole, id = made.id) => endpoints.updateServiceEndpoint(whole, id);
  const described = { ...made, serviceEndpointProjectReferences: [reference(project, 'payments', 'changed')] };
  await run('a connection that is changed', [
    [
      'has a new description',
      async () => (await update(described), (await byName('payments'))[0]),
      like({ description: 'changed' }),
    ],
    [
      'keeps its subscription',
      () => update(withData('subscriptionId', absent, made)),
      refused(400, 'ArgumentException', "'subscriptionId'"),
    ],
    [
      'keeps its scope level',
      () =>
        update({
          ...made,
          data: {
            environment: 'AzureCloud',
            scopeLevel: 'ManagementGroup',
            creationMode: 'Manual',
            managementGroupId: 'mg',
            managementGroupName: 'mg',
          },
        }),
      refused(400, 'ArgumentException', "'scopeLevel'"),
    ],
    [
      'keeps its cloud',
      () =>
        update({ ...withData('environment', 'AzureUSGovernment', made), url: 'https://management.usgovcloudapi.net/' }),
      refused(400, 'ArgumentException', "'environment'"),
    ],
    ['keeps its id', () => update({ ...made, id: absent }), invalid('the id of the body')],
    ['exists', () => update({ ...made, id: absent }, absent), notThere],
    [
      'is shared',
      async () => {
        await endpoints.shareServiceEndpoint([reference(otherProject, 'payments')], made.id);
        return (await endpoints.getServiceEndpointDetails(project.id, made.id)).serviceEndpointProjectReferences;
      },
      like({ length: 2 }),
    ],
    [
      'is shared by a list only',
      () => endpoints.shareServiceEndpoint(reference(otherProject, 'payments'), made.id),
      invalid('list'),
    ],
    [
      'is not shared under a second name',
      () => endpoints.shareServiceEndpoint([reference(otherProject, 'other')], made.id),
      refused(500, 'VssServiceException', 'TF400898'),
    ],
  ]);
}

const preview = { acceptHeader: 'application/json;api-version=7.1-preview.1' };
const checkTypes = {
  approval: { id: '8c6f20a7-a545-4486-9777-f762fafe0d4d', name: 'Approval' },
  branches: { id: 'fe1de3ee-a436-41b4-bb20-f6eb4cb879a7', name: 'Task Check' },
  lock: { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' },
};
const branchControl = {
  displayName: 'Branch control',
  definitionRef: { id: '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b', name: 'evaluatebranchProtection', version: '0.0.1' },
  inputs: { allowedBranches: 'refs/heads/main', ensureProtectionOfBranch: 'true', allowUnknownStatusBranch: 'false' },
};

async function guards(made) {
  const permissions = `${organization}/${project.id}/_apis/pipelines/pipelinepermissions/endpoint`;
  const checks = `${organization}/${project.id}/_apis/pipelines/checks/configurations`;
  const authorize = (id, pipelines = [{ id: 12, authorized: true }]) =>
    admin.rest.update(`${permissions}/${id}`, { pipelines }, preview).then(({ result }) => result);
  const guard = (type, settings, timeout = 43200) =>
    admin.rest
      .create(checks, { type, settings, timeout, resource: { type: 'endpoint', id: made.id } }, preview)
      .then(({ result }) => result);
  const listed = () =>
    admin.rest
      .get(`${checks}?resourceType=endpoint&resourceId=${made.id}&$expand=settings`, preview)
      .then(({ result }) => result.value.map(({ type }) => type.name));
  await run('a connection is guarded', [
    [
      'by no pipeline at first',
      () => admin.rest.get(`${permissions}/${made.id}`, preview),
      like({ result: { pipelines: { length: 0 } } }),
    ],
    ['by pipelines', () => authorize(made.id), like({ pipelines: { 0: { id: 12, authorized: true }, length: 1 } })],
    ['by more pipelines', () => authorize(made.id, [{ id: 47, authorized: true }]), like({ pipelines: { length: 2 } })],
    ['only when it is one', () => authorize(absent), notThere],
    [
      'by an approval',
      () =>
        guard(checkTypes.approval, {
          approvers: [{ id: readerMember }],
          minRequiredApprovers: 1,
          requesterCannotBeApprover: true,
          instructions: '',
        }),
      like({ type: checkTypes.approval }),
    ],
    [
      'not by nobody',
      () => guard(checkTypes.approval, { approvers: [{ id: absent }], minRequiredApprovers: 1 }),
      invalid(absent),
    ],
    ['not for ever', () => guard(checkTypes.lock, {}, 43201), invalid('43200')],
    [
      'by branches',
      () => guard(checkTypes.branches, branchControl),
      like({ settings: { inputs: branchControl.inputs } }),
    ],
    ['by a lock', () => guard(checkTypes.lock, {}), like({ type: checkTypes.lock })],
    ['by all of them', listed, like({ 0: 'Approval', 1: 'Task Check', 2: 'ExclusiveLock', length: 3 })],
    [
      'and again by what is posted again',
      async () => (await guard(checkTypes.lock, {}), listed()),
      like({ length: 4 }),
    ],
    [
      'not by what is not modelled',
      () => guard({ id: absent, name: 'Other' }, {}),
      refused(501, 'NotModelled', absent),
    ],
  ]);
}

async function rights(made) {
  const reader = await signedIn(person('reader')),
    roles = await admin.api.getSecurityRolesApi();
  const look = async (credential, scope) => byName('payments', (await signedIn(credential, scope)).endpoints);
  const setRole = (roleName, userId) =>
    roles.setRoleAssignments([{ roleName, userId }], roleScope, `${project.id}_${made.id}`);
  const signInPage = ({ value, error }) =>
    error?.statusCode === 203 || error?.statusCode === 401 ? '' : `got ${error ?? JSON.stringify(value)}`;
  await run('without the right', [
    [
      'a contributor sees that it is there',
      () => byName('payments', reader.endpoints),
      like({ 0: { id: made.id }, length: 1 }),
    ],
    [
      'but not what is in it',
      () => byName('payments', reader.endpoints),
      ({ value }) =>
        value[0].authorization?.parameters?.workloadIdentityFederationSubject ? 'the subject is shown' : '',
    ],
    ['a contributor creates none', () => reader.endpoints.createServiceEndpoint(connection('other')), denied],
    ['a contributor deletes none', () => reader.endpoints.deleteServiceEndpoint(made.id, [project.id]), denied],
    ['a role is given', () => setRole('User', readerMember), like({})],
    [
      'and lets it be read',
      () => byName('payments', reader.endpoints),
      ({ value }) =>
        value[0].authorization.parameters.workloadIdentityFederationSubject ? '' : 'the subject is not shown',
    ],
    [
      'a role is one that there is',
      () => setRole('King', readerMember),
      refused(400, 'SecurityRoleNotFoundException', 'King'),
    ],
    ['a role is for somebody', () => setRole('User', absent), notThere],
    [
      'who is no member is not let in',
      () => look(person('nobody')),
      refused(401, 'UnauthorizedRequestException', 'TF400813'),
    ],
    ['a token for another service is a failed sign-in', () => look(person('admin'), scopes.arm), signInPage],
    ['a token of another tenant is a failed sign-in', () => look(person('admin', 'fabrikam')), signInPage],
    ['a token that is none is a failed sign-in', () => look(fixedToken('none')), signInPage],
  ]);
}

async function end(made) {
  const remove = (projects) => endpoints.deleteServiceEndpoint(made.id, projects);
  const removeAgain = (projects) =>
    admin.rest.del(
      // what the library calls, with the status that it hides
      `${organization}/_apis/serviceendpoint/endpoints/${made.id}?projectIds=${projects}`,
      { acceptHeader: 'application/json;api-version=7.1' },
    );
  await run('in the end', [
    ['a connection goes from no project that is none', () => removeAgain([absent]), like({ statusCode: 404 })],
    [
      'it goes from one project',
      async () => (await remove([otherProject.id]), byName('payments')),
      like({ length: 1 }),
    ],
    ['it goes from the last one', () => remove([project.id]), like(null)],
    [
      'and is gone after a moment',
      () =>
        eventually(
          () => byName('payments'),
          ({ value }) => value?.length === 0,
        ),
      like({ length: 0 }),
    ],
    ['it does not go twice', () => removeAgain([project.id]), like({ statusCode: 404 })],
    [
      'its name is free again',
      () => endpoints.createServiceEndpoint(connection('payments')),
      like({ name: 'payments' }),
    ],
    [
      'what is not modelled is said to be so',
      () => admin.rest.get(`${organization}/_apis/teams`, preview),
      refused(501, 'NotModelled', '_apis/teams'),
    ],
  ]);
}

printVersions('azure-devops-node-api');
await places();
const made = await creation();
for (const checks of [change, guards, rights, end]) await checks(made);
