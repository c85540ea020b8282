//! How long the answers about figures take, each beside a baseline of the same run: one walk that
//! only reads the same rows.
//!
//! `cargo bench -p app`; `large` of the test data is migrated first (`BURNDOWN_TEST_DATA`, else
//! `../shared/data` beside the repository; without it those figures are left out). Everything is
//! cold: the database is opened anew for every answer, as a new process does.
#![allow(
    missing_docs,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed"
)]

mod generated;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::overview::OverviewAsk;
use app::workspace::WorkspaceAsk;
use app::{App, Context};
use criterion::{Criterion, criterion_group, criterion_main};
use model::{QueryKey, TimeZone};
use tempfile::TempDir;

/// A database, and which query of it is asked about.
struct Subject {
    _folder: TempDir,
    database: PathBuf,
    key: QueryKey,
}

impl Subject {
    /// `large` of the test data; `None` if it is not there.
    fn large() -> Option<Subject> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let data = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
        let data = data.unwrap_or_else(|| root.join("../shared/data"));
        let Ok(file) = std::fs::File::open(data.join("legacy/large.tar.gz")) else {
            println!("no large.tar.gz in the test data: only generated issues are measured");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path()).unwrap();
        let workspace = folder.path().join("large");
        let job = migrate::Job {
            source: workspace.clone(),
            workspace: workspace.clone(),
            now: "2026-01-05T08:00:00Z".parse().unwrap(),
            zone: TimeZone::UTC,
            program_version: "bench".to_owned(),
            again: false,
        };
        migrate::migrate(&job, &|_| {}).unwrap();
        let database = workspace.join("profiles/burndown.sqlite");
        let key = biggest_query(&database);
        Some(Subject { _folder: folder, database, key })
    }

    fn filled(fill: impl FnOnce(&dyn store::Store) -> QueryKey) -> Subject {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("bench.sqlite");
        let key = fill(&*open(&database));
        Subject { _folder: folder, database, key }
    }

    fn app(&self) -> App {
        let context = Context {
            version: "bench".to_owned(),
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            clock: || "2026-01-05T08:00:00Z".parse().unwrap(),
            report: None,
            is_demo: false,
            access: app::access::Access::default(),
        };
        App::new(open(&self.database), context)
    }

    fn only_read(&self) {
        let store = open(&self.database);
        let reader = store.read().unwrap();
        let facts = &mut |facts| {
            black_box(facts);
            Ok(())
        };
        reader.each_issue_facts(&self.key, facts).unwrap();
        let changes = &mut |key: &str, changes| {
            black_box((key, changes));
            Ok(())
        };
        reader.each_changelog_facts(&self.key, changes).unwrap();
    }
}

fn open(database: &Path) -> Box<dyn store::Store> {
    store::open(&format!("sqlite:{}", database.display())).unwrap()
}

fn biggest_query(database: &Path) -> QueryKey {
    let store = open(database);
    let reader = store.read().unwrap();
    let profiles = reader.profiles().unwrap();
    let queries = profiles.iter().flat_map(|profile| reader.queries(&profile.id).unwrap());
    queries.max_by_key(|query| query.issues).unwrap().key
}

fn bench(criterion: &mut Criterion, name: &str, limit: &str, subject: &Subject) {
    let ask = OverviewAsk::default();
    criterion.bench_function(&format!("baseline: only read {name}"), |bencher| {
        bencher.iter(|| subject.only_read());
    });
    criterion.bench_function(&format!("overview of {name} (limit {limit})"), |bencher| {
        bencher.iter(|| subject.app().overview(&subject.key, &ask).unwrap());
    });
    criterion.bench_function(&format!("weeks of {name}"), |bencher| {
        bencher.iter(|| subject.app().weeks(&subject.key, &ask).unwrap());
    });
}

fn figures(criterion: &mut Criterion) {
    if let Some(large) = Subject::large() {
        bench(criterion, "large", "60 ms", &large);
        choose(criterion, &large);
    }
    for (count, limit) in [(10_000, "60 ms"), (100_000, "300 ms")] {
        let generated = Subject::filled(|store| generated::fill(store, count));
        bench(criterion, &format!("{count} generated"), limit, &generated);
    }
}

/// As a server does it, which has the database open.
fn choose(criterion: &mut Criterion, subject: &Subject) {
    let (app, key) = (subject.app(), &subject.key);
    criterion.bench_function("choosing a query of large (limit 5 ms)", |bencher| {
        bencher.iter(|| app.choose(&key.profile, Some(&key.query)).unwrap());
    });
}

fn workspace(criterion: &mut Criterion) {
    let subject = Subject::filled(|store| generated::fill_profiles(store, 50, 100));
    criterion.bench_function(
        "workspace of 50 profiles with 100 queries (limit 20 ms)",
        |bencher| {
            bencher.iter(|| subject.app().workspace().unwrap());
        },
    );
    let subject = Subject::filled(|store| generated::fill_profiles(store, 1_000, 10));
    criterion.bench_function("baseline: all of 1 000 profiles with 10 queries", |bencher| {
        bencher.iter(|| subject.app().workspace().unwrap());
    });
    criterion.bench_function("first page of 1 000 profiles with 10 queries", |bencher| {
        bencher.iter(|| subject.app().workspace_page(&WorkspaceAsk::default()).unwrap());
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4));
    targets = figures, workspace
}
criterion_main!(benches);
