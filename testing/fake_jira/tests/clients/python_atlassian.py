"""Reads a Jira with `atlassian-python-api` of PyPI; ends with an error for what it cannot read."""
import sys

from atlassian import Jira

base, kind, token = sys.argv[1:4]
cloud = kind == "cloud"
login = {"username": "ada@example.org", "password": token} if cloud else {"token": token}
client = Jira(url=base, cloud=cloud, api_version="3" if cloud else "2", **login)
jql = "project = DEMO ORDER BY key ASC"
if cloud:
    found = client.enhanced_jql(jql, fields="*all", limit=30, expand="changelog")
else:
    found = client.jql(jql, fields="*all", limit=30, expand="changelog")
issues = found["issues"]
assert len(issues) == 30, len(issues)
assert client.issue(issues[0]["key"])["fields"]["summary"] == issues[0]["fields"]["summary"]
assert client.get_all_fields() and client.get_all_statuses()
print(len(issues), "issues")
