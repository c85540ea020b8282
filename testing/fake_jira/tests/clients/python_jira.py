"""Reads a Jira with the client `jira` of PyPI; ends with an error for what it cannot read."""
import sys

from jira import JIRA

base, kind, token = sys.argv[1:4]
cloud = kind == "cloud"
login = {"basic_auth": ("ada@example.org", token)} if cloud else {"token_auth": token}
client = JIRA(server=base, options={"rest_api_version": "3" if cloud else "2"}, **login)
assert client.server_info()["versionNumbers"]
jql = "project = DEMO ORDER BY key ASC"
search = client.enhanced_search_issues if cloud else client.search_issues
issues = search(jql, maxResults=30, expand="changelog", fields="*all")
assert len(issues) == 30, len(issues)
for issue in issues:
    fields = issue.fields
    assert issue.key.startswith("DEMO-") and fields.status.name and fields.issuetype.subtask is False
    for history in issue.changelog.histories:
        assert history.created and all(item.field for item in history.items)
assert client.issue(issues[0].key).fields.summary == issues[0].fields.summary
lists = (client.fields, client.statuses, client.issue_types, client.priorities, client.resolutions)
assert all(listed() for listed in lists)
print(len(issues), "issues")
