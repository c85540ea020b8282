//! Paths of pages. Ids may hold anything but slashes, so every part is percent-encoded.

use app::answers::AnswersAsk;
use app::delivery::DeliveryAsk;
use app::flow::FlowAsk;
use app::forecast::ForecastAsk;
use app::issues::{IssuesAsk, PAGE_SIZE_DEFAULT, SortField};
use app::now::NowAsk;
use app::overview::OverviewAsk;
use app::query::WEEKS_DEFAULT;
use app::trail::Trail;
use app::workspace::WorkspaceAsk;
use model::QueryKey;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// Everything but unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The workspace.
pub const WORKSPACE: &str = "/";
/// Its profiles.
pub const PROFILES: &str = "/profiles";
/// How every figure is calculated.
pub const FIGURES: &str = "/figures";
/// The migration report.
pub const MIGRATION: &str = "/migration";
/// Taking the old app's folder over.
pub const TAKE_OVER: &str = "/take-over";
/// A file as a new profile.
pub const IMPORT: &str = "/import";
/// Where the word for it goes.
pub const IMPORT_CONFIRM: &str = "/import/confirm";
/// About the program and the health of the workspace.
pub const ABOUT: &str = "/about";

/// What was deleted.
pub const TRASH: &str = "/trash";
/// What can be restored.
pub const BACKUPS: &str = "/backups";
/// Removing all of that for good.
pub const EMPTY_TRASH: &str = "/trash/empty";

/// Connecting to a Jira for the first time.
pub const CONNECT: &str = "/connect";

/// Getting in with a key.
pub const LOGIN: &str = "/login";
/// Forgetting that somebody is in.
pub const LOGOUT: &str = "/logout";
/// Who has a key.
pub const ACCESS_KEYS: &str = "/keys";
/// Where a key is taken away.
pub const REMOVE_ACCESS_KEY: &str = "/keys/remove";

/// Making a profile.
pub const NEW_PROFILE: &str = "/setup";

/// A part of the profiles; what is as usual is left out.
pub fn profiles(ask: &WorkspaceAsk) -> String {
    part_of(PROFILES, &ask.text, ask.page)
}

/// The first page with a part of its answers; what is as usual is left out.
pub fn answers(ask: &AnswersAsk) -> String {
    part_of(WORKSPACE, &ask.text, ask.page)
}

fn part_of(path: &str, text: &str, page: usize) -> String {
    let text = Some(("text", text.to_owned())).filter(|(_, text)| !text.is_empty());
    let page = (page > 1).then(|| ("page", page.to_string()));
    with(path, &[text, page].into_iter().flatten().collect::<Vec<_>>())
}

/// One profile.
pub fn profile(id: &str) -> String {
    format!("/profiles/{}", encode(id))
}

/// The deliveries of a profile.
pub fn deliveries(profile_id: &str) -> String {
    format!("{}/deliveries", profile(profile_id))
}

/// One delivery, as of a day; what is as usual is left out.
pub fn delivery(profile_id: &str, id: &str, ask: &DeliveryAsk) -> String {
    with(&format!("{}/{}", deliveries(profile_id), encode(id)), &ask.parameters())
}

/// The form of a new delivery with that rule.
pub fn new_delivery(profile_id: &str, rule: &str) -> String {
    let rule = Some(("rule", rule.to_owned())).filter(|(_, rule)| !rule.is_empty());
    with(&format!("{}/new-delivery", profile(profile_id)), rule.as_slice())
}

/// The form of a delivery that is all of a query.
pub fn delivery_of(profile_id: &str, query: &str) -> String {
    let parameters = [("rule", "all".to_owned()), ("query", query.to_owned())];
    with(&new_delivery(profile_id, ""), &parameters)
}

/// The file of a profile: everything, or settings and queries alone.
pub fn export(id: &str, is_whole: bool) -> String {
    let path = format!("/api/v1{}/export", profile(id));
    if is_whole { path } else { format!("{path}?content=settings") }
}

/// One query.
pub fn query(profile_id: &str, id: &str) -> String {
    format!("{}/queries/{}", profile(profile_id), encode(id))
}

/// What a query holds, with that many weeks of stored metrics.
pub fn data_weeks(trail: &Trail, weeks: usize) -> String {
    let path = data(trail);
    if weeks == WEEKS_DEFAULT { path } else { format!("{path}?weeks={weeks}") }
}

/// The page of the query that a trail leads to, else of its profile.
pub fn of_query(trail: &Trail) -> String {
    match &trail.query {
        Some(named) => query(&trail.profile.id, &named.id),
        None => profile(&trail.profile.id),
    }
}

/// The set-up of the query that a trail leads to, else of its profile.
pub fn setup(trail: &Trail) -> String {
    setup_of(&of_query(trail))
}

/// The set-up of the profile or query whose page that is.
pub fn setup_of(page: &str) -> String {
    format!("{page}/setup")
}

/// The settings of a profile.
pub fn settings(profile_id: &str) -> String {
    format!("{}/settings", profile(profile_id))
}

/// Where a form leads that says what the work of a query is.
pub fn work(trail: &Trail) -> String {
    format!("{}/work", of_query(trail))
}

/// Where a form leads that makes the profile or query of that page the active one.
pub fn choice(page: &str) -> String {
    format!("{page}/use")
}

/// Where the profile or query of that page is deleted.
pub fn deletion(page: &str) -> String {
    format!("{page}/delete")
}

/// The trash after something came into it.
pub fn just_deleted(id: &str) -> String {
    format!("{TRASH}?deleted={}", encode(id))
}

/// Where something of the trash is restored.
pub fn restore(id: &str) -> String {
    format!("{TRASH}/{}/restore", encode(id))
}

/// Says in JSON whether a profile can have a name, which is added at the end; the name of `except`
/// is not taken.
pub fn check_name(except: Option<&str>) -> String {
    let except = except.map(|id| format!("profile={}&", encode(id))).unwrap_or_default();
    format!("/api/v1/check-name?{except}name=")
}

/// What a query holds.
pub fn data(trail: &Trail) -> String {
    format!("{}/data", of_query(trail))
}

/// The weekly table of a query.
pub fn weeks(trail: &Trail) -> String {
    format!("{}/weeks", of_query(trail))
}

/// What a report on a query is to hold; as the page looks at it that leads there.
pub fn report(trail: &Trail, ask: &OverviewAsk) -> String {
    figures(&format!("{}/report", of_query(trail)), ask)
}

/// What is under way in a query.
pub fn now_page(trail: &Trail) -> String {
    format!("{}/now", of_query(trail))
}

/// The same, filtered and sorted; what is as usual is left out.
pub fn now(trail: &Trail, ask: &NowAsk) -> String {
    with(&now_page(trail), &ask.parameters())
}

/// The connection of a profile, tried out.
pub fn connection(profile_id: &str) -> String {
    format!("{}/connection", profile(profile_id))
}

/// The sync of a query; a form sent there begins one.
pub fn sync(trail: &Trail) -> String {
    format!("{}/sync", of_query(trail))
}

/// Where the word goes that starts a sync of a query.
pub fn sync_of(key: &QueryKey) -> String {
    format!("{}/sync", query(key.profile.as_str(), key.query.as_str()))
}

/// Where the word goes that ends a running sync.
pub fn sync_cancel(trail: &Trail) -> String {
    format!("{}/cancel", sync(trail))
}

/// A page of figures over a window, in a unit, as of a day; what is as usual is left out.
pub fn figures(path: &str, ask: &OverviewAsk) -> String {
    with(path, &ask.parameters())
}

/// The forecast of a query under some assumptions; what is as usual is left out.
pub fn forecast(trail: &Trail, ask: &ForecastAsk) -> String {
    with(&forecast_page(trail), &ask.parameters())
}

/// The forecast of a query.
pub fn forecast_page(trail: &Trail) -> String {
    format!("{}/forecast", of_query(trail))
}

/// The flow of a query, as it is asked for; what is as usual is left out.
pub fn flow(trail: &Trail, ask: &FlowAsk) -> String {
    with(&flow_page(trail), &ask.parameters())
}

/// The flow of a query.
pub fn flow_page(trail: &Trail) -> String {
    format!("{}/flow", of_query(trail))
}

/// A chart as a file of that ending, as a page shows it that was asked with these parameters.
pub fn chart(trail: &Trail, name: &str, ending: &str, asked: &[(&str, String)]) -> String {
    with(&format!("{}/charts/{}.{ending}", of_query(trail), encode(name)), asked)
}

/// The issue list; parameters that are as usual are left out.
pub fn issues(trail: &Trail, ask: &IssuesAsk) -> String {
    let mut parameters: Vec<(&str, String)> =
        [("status", &ask.status), ("type", &ask.issue_type), ("text", &ask.text)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect();
    parameters.extend(behind(ask));
    if (ask.sort, ask.is_descending) != (SortField::Key, false) {
        parameters.push(("sort", ask.sort.as_str().to_owned()));
        parameters.push(("order", order(ask.is_descending).to_owned()));
    }
    if ask.size != PAGE_SIZE_DEFAULT {
        parameters.push(("size", ask.size.to_string()));
    }
    if ask.page > 1 {
        parameters.push(("page", ask.page.to_string()));
    }
    with(&format!("{}/issues", of_query(trail)), &parameters)
}

/// A path with parameters.
pub fn with(path: &str, parameters: &[(&str, String)]) -> String {
    if parameters.is_empty() {
        return path.to_owned();
    }
    let pair = |(name, value): &(&str, String)| format!("{name}={}", encode(value));
    format!("{path}?{}", parameters.iter().map(pair).collect::<Vec<_>>().join("&"))
}

/// An address with more parameters.
pub fn and(address: &str, parameters: &[(&str, String)]) -> String {
    let more = with("", parameters);
    match more.strip_prefix('?') {
        Some(more) if address.contains('?') => format!("{address}&{more}"),
        _ => format!("{address}{more}"),
    }
}

/// Parameters that say which number the issues are behind of.
pub fn behind(ask: &IssuesAsk) -> Vec<(&'static str, String)> {
    [
        ("event", ask.event.map(|event| event.as_str().to_owned())),
        ("week", ask.week.map(|week| week.to_string())),
        ("as_of", ask.as_of.map(|day| day.to_string())),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .chain(ask.stages.iter().map(|stage| ("stage", stage.clone())))
    .chain(ask.day.map(|day| ("day", day.to_string())))
    .chain(ask.days.map(|days| ("days", days.to_string())))
    .collect()
}

/// One issue.
pub fn issue(trail: &Trail, key: &str) -> String {
    issue_of(&of_query(trail), key)
}

/// One issue of the query whose page that is.
pub fn issue_of(query: &str, key: &str) -> String {
    format!("{query}/issues/{}", encode(key))
}

/// The JSON twin of a page.
pub fn json(page: &str) -> String {
    format!("/api/v1{page}")
}

/// The word for a direction in URLs.
pub fn order(is_descending: bool) -> &'static str {
    if is_descending { "desc" } else { "asc" }
}

fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::trail::Named;

    fn trail() -> Trail {
        let named = |id: &str| Named { id: id.to_owned(), name: String::new() };
        Trail {
            due: Vec::new(),
            profile: named("größe / x"),
            query: Some(named("q?1")),
            stale: None,
            estimates: Default::default(),
            profiles: vec![],
            queries: vec![],
            zone: None,
            revision: Default::default(),
            server: None,
        }
    }

    #[test]
    fn parts_are_encoded() {
        assert_eq!(
            issue(&trail(), "A#1"),
            "/profiles/gr%C3%B6%C3%9Fe%20%2F%20x/queries/q%3F1/issues/A%231"
        );
    }

    #[test]
    fn usual_parameters_are_left_out() {
        let path = format!("{}/issues", of_query(&trail()));
        assert_eq!(issues(&trail(), &IssuesAsk::default()), path);
        let ask = IssuesAsk {
            text: Some("a&b".into()),
            page: 2,
            is_descending: true,
            ..IssuesAsk::default()
        };
        assert_eq!(issues(&trail(), &ask), format!("{path}?text=a%26b&sort=key&order=desc&page=2"));
        let mut ask = IssuesAsk::default();
        for (name, value) in [("week", "2025-W44"), ("event", "done"), ("as_of", "2025-11-24")] {
            ask.set(name, value).unwrap();
        }
        let behind = format!("{path}?event=done&week=2025-W44&as_of=2025-11-24");
        assert_eq!(issues(&trail(), &ask), behind);
    }
}
