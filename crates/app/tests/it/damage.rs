//! Random damage to a database: whoever asks gets the right answer or an error, never a wrong answer and
//! nothing said, whatever bit or page it is.
//!
//! `DAMAGE_ROUNDS=10000 cargo test -p app --test it -- --ignored --nocapture damage::soak` does it more
//! often and prints what was met.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::App;
use app::delivery::{DeliveryAsk, DeliveryDraft};
use app::flow::FlowAsk;
use app::forecast::ForecastAsk;
use app::issues::IssuesAsk;
use app::now::NowAsk;
use app::overview::OverviewAsk;
use app::transfer::{Content, ExportOptions};
use model::{Document, Issue, ProfileId, QueryKey, Tape};
use serde_json::Value;
use store::{Address, Store};

use crate::legacy::{migrated, sample};
use crate::workspace::{app_over, noon};

/// Rounds in every run of the tests.
const ROUNDS: u64 = 78;
const PAGE: usize = 4096;
/// Answers that are compared in each round.
const ASKED: usize = 4;
/// A round that takes longer hangs.
const HANGS: Duration = Duration::from_secs(120);

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A page that is not the first.
    fn page(&mut self, bytes: &[u8]) -> usize {
        PAGE * (1 + self.below(bytes.len() / PAGE - 1))
    }
}

const KINDS: [&str; 12] = [
    "a bit",
    "a digit",
    "forty bits",
    "64 zeros",
    "a page of zeros",
    "pages of zeros",
    "noise",
    "truncated",
    "pages swapped",
    "a page twice",
    "a stale page",
    "a byte of the header",
];

/// Damages `bytes`; `older` is the same database some time ago.
fn damage(kind: &str, bytes: &mut Vec<u8>, older: &[u8], random: &mut Random) {
    let length = bytes.len();
    let flip = |bytes: &mut [u8], random: &mut Random| {
        let at = random.below(length);
        bytes[at] ^= 1 << random.below(8);
    };
    match kind {
        "a bit" => flip(bytes, random),
        "forty bits" => (0..40).for_each(|_| flip(bytes, random)),
        "a digit" => {
            let begin = random.page(bytes);
            let digit = bytes[begin..].iter().position(u8::is_ascii_digit);
            let at = begin + digit.unwrap_or(0);
            bytes[at] = b'0' + (bytes[at].wrapping_sub(b'0') + 1) % 10;
        }
        "64 zeros" => {
            let at = random.page(bytes) + random.below(PAGE - 64);
            bytes[at..at + 64].fill(0);
        }
        "a page of zeros" => {
            let at = random.page(bytes);
            bytes[at..at + PAGE].fill(0);
        }
        "pages of zeros" => {
            let at = random.page(bytes);
            let end = length.min(at + PAGE * (2 + random.below(10)));
            bytes[at..end].fill(0);
        }
        "noise" => {
            let at = random.page(bytes);
            let end = at + [16, 200, PAGE][random.below(3)];
            bytes[at..end].iter_mut().for_each(|byte| *byte = random.next() as u8);
        }
        "truncated" => bytes.truncate(random.below(length)),
        "pages swapped" => {
            let (a, b) = (random.page(bytes), random.page(bytes));
            (0..PAGE).for_each(|at| bytes.swap(a + at, b + at));
        }
        "a page twice" => {
            let (a, b) = (random.page(bytes), random.page(bytes));
            bytes.copy_within(a..a + PAGE, b);
        }
        "a stale page" => {
            let at = random.page(&older[..older.len().min(length)]);
            bytes[at..at + PAGE].copy_from_slice(&older[at..at + PAGE]);
        }
        _ => {
            let at = random.below(100);
            bytes[at] = random.next() as u8;
        }
    }
}

/// What is asked of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    Workspace,
    Profile(ProfileId),
    Settings(ProfileId),
    Overview(QueryKey),
    Weeks(QueryKey),
    Issues(QueryKey),
    Issue(QueryKey, String),
    Syncs(QueryKey),
    Now(QueryKey),
    Flow(QueryKey),
    Forecast(QueryKey),
    Deliveries(ProfileId),
    Export(ProfileId),
}

fn answer(app: &App, ask: &Ask) -> app::Result<Value> {
    let overview = OverviewAsk::default();
    let json = |value: serde_json::Result<Value>| value.unwrap();
    Ok(match ask {
        Ask::Workspace => {
            let mut told = json(serde_json::to_value(app.workspace()?));
            told["size_bytes"] = Value::Null;
            told["address"] = Value::Null;
            told
        }
        Ask::Profile(id) => json(serde_json::to_value(app.profile(id)?)),
        Ask::Settings(id) => json(serde_json::to_value(app.settings(id)?)),
        Ask::Overview(key) => json(serde_json::to_value(app.overview(key, &overview)?)),
        Ask::Weeks(key) => json(serde_json::to_value(app.weeks(key, &overview)?)),
        Ask::Issues(key) => json(serde_json::to_value(app.issues(key, &IssuesAsk::default())?)),
        Ask::Issue(key, issue) => json(serde_json::to_value(app.issue(key, issue)?)),
        Ask::Syncs(key) => json(serde_json::to_value(app.syncs(key, 99)?)),
        Ask::Now(key) => json(serde_json::to_value(app.now_page(key, &NowAsk::default())?)),
        Ask::Flow(key) => json(serde_json::to_value(app.flow(key, &FlowAsk::default())?)),
        Ask::Forecast(key) => {
            json(serde_json::to_value(app.forecast(key, &ForecastAsk::default())?))
        }
        Ask::Deliveries(id) => {
            json(serde_json::to_value(app.deliveries(id, &DeliveryAsk::default())?))
        }
        Ask::Export(id) => {
            let options =
                ExportOptions { query: None, content: Content::Everything, is_gzip: false };
            let mut file = Vec::new();
            app.export(id, &options, &mut file)?;
            Value::from(String::from_utf8(file).unwrap())
        }
    })
}

fn asks(store: &dyn Store) -> Vec<Ask> {
    let reader = store.read().unwrap();
    let mut asks = vec![Ask::Workspace];
    for profile in reader.profiles().unwrap() {
        let of_profile = [Ask::Profile, Ask::Settings, Ask::Deliveries, Ask::Export];
        asks.extend(of_profile.map(|ask| ask(profile.id.clone())));
        for query in reader.queries(&profile.id).unwrap() {
            let key = query.key;
            let mut keys = Vec::new();
            let visit = &mut |issue: model::IssueFacts| {
                keys.push(issue.key);
                Ok(())
            };
            reader.each_issue_facts(&key, visit).unwrap();
            asks.extend(keys.into_iter().step_by(29).map(|name| Ask::Issue(key.clone(), name)));
            let figures = [Ask::Overview, Ask::Weeks, Ask::Now, Ask::Flow, Ask::Forecast];
            let lists = [Ask::Issues, Ask::Syncs];
            asks.extend(figures.iter().chain(&lists).map(|ask| ask(key.clone())));
        }
    }
    asks
}

fn database(folder: &Path) -> PathBuf {
    migrate::database_path(folder)
}

fn open(folder: &Path) -> app::Result<App> {
    let store = Address::Sqlite(database(folder)).open_existing()?;
    Ok(app_over(store, folder, noon))
}

/// Changes something of everything, so that there are pages of before.
fn change(store: &dyn Store) {
    let reader = store.read().unwrap();
    let mut profiles = Vec::new();
    let mut all = Vec::new();
    for summary in reader.profiles().unwrap() {
        let mut profile = reader.profile(&summary.id).unwrap().unwrap();
        profile.description = Some("as it is now".to_owned());
        profiles.push(profile);
        for query in reader.queries(&summary.id).unwrap() {
            let mut issues: Vec<Issue> = Vec::new();
            let visit = &mut |issue| {
                issues.push(issue);
                Ok(())
            };
            reader.each_issue(&query.key, visit).unwrap();
            let now = |issue: Issue| {
                let text = issue.document.as_str().replace("\"Open\"", "\"Resolved\"");
                let document = Document::parse(&text, &mut Tape::new()).unwrap();
                Issue { key: issue.key, document }
            };
            all.push((query.key, issues.into_iter().step_by(3).map(now).collect::<Vec<_>>()));
        }
    }
    drop(reader);
    store
        .transact(|writer| {
            profiles.iter().try_for_each(|profile| writer.put_profile(profile))?;
            for (key, issues) in &all {
                writer.put_issues(key, issues)?;
                writer.add_sync(key, &model::SyncRecord::default())?;
            }
            writer.put_state("mark", "as it is now")
        })
        .unwrap();
}

/// One delivery a profile, of all that its queries hold.
fn add_deliveries(app: &App, asks: &[Ask]) {
    let mut queries: BTreeMap<ProfileId, Vec<QueryKey>> = BTreeMap::new();
    for ask in asks {
        if let Ask::Now(key) = ask {
            queries.entry(key.profile.clone()).or_default().push(key.clone());
        }
    }
    for (profile, queries) in queries {
        let text = |text: &str| text.to_owned();
        let draft = DeliveryDraft {
            name: text("Everything"),
            rule: text("all"),
            target: text("2027-03-01"),
            state: String::new(),
            split: String::new(),
            queries,
        };
        app.create_delivery(&profile, &draft).unwrap();
    }
}

/// What was met, by kind of damage: rounds, of these refused in part or whole, wrong answers.
type Met = BTreeMap<&'static str, [u64; 3]>;

/// Where two answers begin to differ, with what each says there.
fn difference(right: &Value, told: &Value) -> String {
    let (right, told) = (right.to_string(), told.to_string());
    let pairs = right.char_indices().zip(told.chars());
    let at = pairs.into_iter().find(|((_, one), other)| one != other).map_or(0, |((at, _), _)| at);
    let part = |text: &str| {
        text.chars()
            .skip(text[..at].chars().count().saturating_sub(60))
            .take(160)
            .collect::<String>()
    };
    format!("{} is told as {}", part(&right), part(&told))
}

struct Bench {
    folder: PathBuf,
    good: Vec<u8>,
    older: Vec<u8>,
    right: Vec<(Ask, Value)>,
}

impl Bench {
    fn new(folder: &Path) -> Bench {
        let store = migrated(folder);
        store.compact().unwrap();
        drop(store);
        let older = std::fs::read(database(folder)).unwrap();
        let store = Address::Sqlite(database(folder)).open_existing().unwrap();
        change(&*store);
        let asks = asks(&*store);
        drop(store);
        add_deliveries(&open(folder).unwrap(), &asks);
        let good = std::fs::read(database(folder)).unwrap();
        let app = open(folder).unwrap();
        let right = asks.into_iter().map(|ask| (ask.clone(), answer(&app, &ask).unwrap()));
        let right = right.collect();
        Bench { folder: folder.to_owned(), good, older, right }
    }

    /// One damage; says of each answer that was wrong what was asked.
    fn round(&self, kind: &'static str, random: &mut Random, met: &mut Met) -> Vec<String> {
        let mut bytes = self.good.clone();
        damage(kind, &mut bytes, &self.older, random);
        if bytes == self.good {
            return Vec::new();
        }
        for end in ["-wal", "-shm", "-journal"] {
            let _ = std::fs::remove_file(format!("{}{end}", database(&self.folder).display()));
        }
        std::fs::write(database(&self.folder), bytes).unwrap();
        let (mut wrong, mut is_refused) = (Vec::new(), false);
        match catch_unwind(|| open(&self.folder)) {
            Ok(Ok(app)) => {
                for _ in 0..ASKED {
                    let (ask, right) = &self.right[random.below(self.right.len())];
                    match catch_unwind(AssertUnwindSafe(|| answer(&app, ask))) {
                        Ok(Ok(told)) if told == *right => {}
                        Ok(Ok(told)) => {
                            wrong.push(format!("{kind}: {ask:?}: {}", difference(right, &told)));
                        }
                        Ok(Err(_)) => is_refused = true,
                        Err(_) => wrong.push(format!("{kind}: {ask:?} panics")),
                    }
                }
            }
            Ok(Err(_)) => is_refused = true,
            Err(_) => wrong.push(format!("{kind}: opening panics")),
        }
        let counts = met.entry(kind).or_default();
        counts[0] += 1;
        counts[1] += u64::from(is_refused);
        counts[2] += u64::from(!wrong.is_empty());
        wrong
    }
}

/// Damages the sample so often; gives what was met and every wrong answer.
fn run(name: &'static str, rounds: u64, seed: u64) -> Option<(Met, Vec<String>)> {
    let (_folder, path) = sample(name)?;
    let bench = Bench::new(&path);
    let (mut met, mut wrong) = (Met::new(), Vec::new());
    let (beat, beats) = std::sync::mpsc::channel();
    let watched = std::thread::spawn(move || {
        let mut random = Random(seed);
        for round in 0..rounds {
            let kind = KINDS[(round % KINDS.len() as u64) as usize];
            let said = bench.round(kind, &mut random, &mut met);
            wrong.extend(said.into_iter().map(|said| format!("{name}, round {round}: {said}")));
            let _ = beat.send(());
        }
        (met, wrong)
    });
    for round in 0..rounds {
        assert!(
            beats.recv_timeout(HANGS).is_ok() || watched.is_finished(),
            "{name}: round {round} hangs"
        );
    }
    Some(watched.join().unwrap())
}

#[test]
fn no_damage_makes_an_answer_wrong() {
    for name in ["small", "multi"] {
        let Some((_, wrong)) = run(name, ROUNDS, 5) else { continue };
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
#[ignore = "takes minutes; the figures of docs/reliability.md come from it"]
fn soak() {
    let number = |name: &str, usual: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let (rounds, seed) = (number("DAMAGE_ROUNDS", 10_000), number("DAMAGE_SEED", 11));
    let mut all = Vec::new();
    for name in ["small", "multi"] {
        let Some((met, wrong)) = run(name, rounds / 2, seed) else { continue };
        for (kind, [rounds, refused, wrong]) in met {
            println!("{name}: {kind}: {rounds} rounds, {refused} refused, {wrong} wrong");
        }
        all.extend(wrong);
    }
    assert_eq!(all, Vec::<String>::new());
}
