// Reads a Jira of Cloud with `jira.js` of npm, which checks answers by schema; ends with an error for what it
// cannot read.
import { pathToFileURL } from "node:url";

const [base, modules, apiToken] = process.argv.slice(2);
const { createAgileClient, createCloudClient } = await import(pathToFileURL(`${modules}/jira.js/dist/index.js`));
const site = { host: base, auth: { type: "basic", email: "ada@example.org", apiToken } };
const jira = createCloudClient(site);
const agile = createAgileClient(site);
const some = (what, list) => {
  if (!list?.length) throw new Error(`no ${what}`);
};
if (!(await jira.serverInfo.getServerInfo()).version) throw new Error("no version");
if (!(await jira.myself.getCurrentUser()).accountId) throw new Error("nobody");
const ask = { jql: "project = DEMO ORDER BY key ASC", maxResults: 30, fields: ["*all"], expand: "changelog" };
const { issues } = await jira.issueSearch.searchAndReconsileIssuesUsingJql(ask);
if (issues.length !== 30) throw new Error(`${issues.length} issues`);
const changes = await jira.issues.getChangeLogs({ issueIdOrKey: issues[0].key });
some("histories", changes.values);
some("fields", await jira.issueFields.getFields());
some("statuses", await jira.workflowStatuses.getStatuses());
some("boards", (await agile.board.getAllBoards({ projectKeyOrId: "DEMO" })).values);
console.log(issues.length, "issues");
