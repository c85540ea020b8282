//! A whole migration of 10 000 issues with changelogs, next to its floor: one read and parse of
//! every byte, one copy for the backup, one bulk insert of the same bytes with a flush.
//!
//! Uses `large` of the test data (`BURNDOWN_TEST_DATA`, else `../shared/data` beside the
//! repository), else the small workspace of the repository.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark that cannot go on has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use model::TimeZone;

fn unpack() -> (tempfile::TempDir, PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = std::env::var_os("BURNDOWN_TEST_DATA").map(PathBuf::from);
    let large = data.unwrap_or_else(|| root.join("../shared/data")).join("legacy/large.tar.gz");
    let (archive, name) = if large.is_file() {
        (large, "large")
    } else {
        println!("no large.tar.gz in the test data: measuring the small workspace");
        (root.join("fixtures/legacy/small.tar.gz"), "small")
    };
    let folder = tempfile::tempdir().unwrap();
    let file = fs::File::open(archive).unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(folder.path()).unwrap();
    let workspace = folder.path().join(name);
    (folder, workspace)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), found);
        } else {
            found.push(entry.path());
        }
    }
}

/// What no migration can do without.
fn floor(sources: &[PathBuf], target: &Path) -> usize {
    let mut connection = rusqlite::Connection::open(target.join("floor.sqlite")).unwrap();
    connection.execute_batch("PRAGMA journal_mode = OFF; CREATE TABLE part (bytes BLOB)").unwrap();
    let insert = connection.transaction().unwrap();
    let mut parsed = 0;
    for (place, source) in sources.iter().enumerate() {
        let bytes = fs::read(source).unwrap();
        // The cheapest parse there is: every byte is looked at, nothing is kept.
        parsed += usize::from(serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok());
        let copy = target.join(place.to_string());
        fs::write(&copy, &bytes).unwrap();
        fs::File::open(&copy).unwrap().sync_all().unwrap();
        let mut statement = insert.prepare_cached("INSERT INTO part VALUES (?1)").unwrap();
        for part in bytes.chunks(2_400) {
            statement.execute([part]).unwrap();
        }
    }
    insert.commit().unwrap();
    parsed
}

/// The same of a database: the file copied and flushed, every row of the copy read and the JSON in its cells
/// parsed, and the same bytes written: every row, into the same tables and indexes of a new file, flushed.
fn floor_of_database(sources: &[PathBuf], target: &Path) -> usize {
    write_rows(sources, target, true)
}

/// Less than the same bytes: the rows alone, in tables without keys and indexes.
fn floor_of_rows(sources: &[PathBuf], target: &Path) -> usize {
    write_rows(sources, target, false)
}

fn write_rows(sources: &[PathBuf], target: &Path, has_indexes: bool) -> usize {
    let mut parsed = 0;
    for source in sources.iter().filter(|source| source.extension().is_some_and(|it| it == "db")) {
        let (copy, new) = (target.join("copy.db"), target.join("floor.sqlite"));
        fs::copy(source, &copy).unwrap();
        fs::File::open(&copy).unwrap().sync_all().unwrap();
        let from = rusqlite::Connection::open(&copy).unwrap();
        let mut into = rusqlite::Connection::open(&new).unwrap();
        into.execute_batch("PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF").unwrap();
        let insert = into.transaction().unwrap();
        let parts = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'";
        let mut parts = from.prepare(parts).unwrap();
        let parts: Vec<(String, String, String)> = parts
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (_, _, sql) in parts.iter().filter(|_| has_indexes) {
            insert.execute_batch(sql).unwrap();
        }
        for (_, name, _) in parts.iter().filter(|(kind, ..)| kind == "table") {
            let mut select = from.prepare(&format!("SELECT * FROM {name}")).unwrap();
            if !has_indexes {
                let columns = select.column_names().collect::<Vec<_>>().join(", ");
                insert.execute_batch(&format!("CREATE TABLE {name} ({columns})")).unwrap();
            }
            let marks = vec!["?"; select.column_count()].join(", ");
            let mut put = insert.prepare(&format!("INSERT INTO {name} VALUES ({marks})")).unwrap();
            let mut rows = select.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for place in 0..put.parameter_count() {
                    let cell = row.get_ref(place).unwrap();
                    let json = cell
                        .as_bytes()
                        .ok()
                        .filter(|it| it.starts_with(b"{") || it.starts_with(b"["));
                    let is_json =
                        |bytes| serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok();
                    parsed += usize::from(json.is_some_and(is_json));
                    put.raw_bind_parameter(place + 1, rusqlite::types::ToSqlOutput::Borrowed(cell))
                        .unwrap();
                }
                put.raw_execute().unwrap();
            }
        }
        insert.commit().unwrap();
        let bytes = |file: &Path| fs::metadata(file).unwrap().len();
        assert!(!has_indexes || bytes(&new) * 20 > bytes(source) * 19, "not the same bytes");
    }
    parsed
}

fn migrate(source: &Path, workspace: &Path) -> u64 {
    let job = migrate::Job {
        source: source.to_owned(),
        workspace: workspace.to_owned(),
        now: "2026-01-05T08:00:00Z".parse().unwrap(),
        zone: TimeZone::UTC,
        program_version: "bench".to_owned(),
        again: false,
    };
    migrate::migrate(&job, &|_| {}).unwrap().totals.issues
}

/// A workspace of the old app with a database of 10 000 issues and 60 000 changes.
fn database() -> (tempfile::TempDir, PathBuf) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let archive = fs::File::open(root.join("fixtures/legacy/sqlite-v2.15.3-fresh.tar.gz")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    tar::Archive::new(flate2::read::GzDecoder::new(archive)).unpack(folder.path()).unwrap();
    let workspace = folder.path().join("sqlite-v2.15.3-fresh");
    let place = workspace.join("profiles/burndown.db");
    let connection = rusqlite::Connection::open(place).unwrap();
    // Copies of the issues that are there, under other keys, until there are enough of them.
    const MORE: &str = "
        CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) SELECT i FROM n;
        CREATE TEMP TABLE o AS SELECT profile_id AS p, query_id AS q FROM jira_issues GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1;
        CREATE TEMP TABLE i AS SELECT j.* FROM jira_issues j, o WHERE profile_id = p AND query_id = q;
        CREATE TEMP TABLE c AS SELECT j.* FROM jira_changelog_entries j, o WHERE profile_id = p AND query_id = q;
        INSERT INTO jira_issues SELECT NULL, profile_id, query_id, cache_key, issue_key || '-' || n.i, summary, status, assignee,
            issue_type, priority, resolution, created, updated, resolved, points, project_key, project_name, fix_versions,
            labels, components, custom_fields, expires_at, fetched_at FROM n, i LIMIT 10000;
        INSERT INTO jira_changelog_entries SELECT NULL, profile_id, query_id, issue_key || '-' || n.i, change_date, author,
            field_name, field_type, old_value, new_value, expires_at FROM n, c
            WHERE issue_key || '-' || n.i IN (SELECT issue_key FROM jira_issues);";
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    connection.execute_batch(MORE).unwrap();
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    (folder, workspace)
}

fn benchmarks(criterion: &mut Criterion) {
    measure(criterion, "migration", unpack(), &[("floor", floor)]);
    let floors: [(&str, Floor); 2] = [("floor", floor_of_database), ("rows alone", floor_of_rows)];
    measure(criterion, "migration of a database", database(), &floors);
}

type Floor = fn(&[PathBuf], &Path) -> usize;

/// Floors and migration by turns, so that whatever else the machine does meanwhile slows all: medians by the
/// clock and of processor time, the least of each, and the most memory that a migration takes.
fn side_by_side(name: &str, source: &Path, sources: &[PathBuf], floors: &[(&str, Floor)]) {
    const ROUNDS: usize = 7;
    let mut rounds = vec![Vec::new(); floors.len() + 1];
    let mut peak_kib = 0;
    for _ in 0..ROUNDS {
        for ((_, floor), times) in floors.iter().zip(&mut rounds) {
            times.push(timed(|target| _ = floor(sources, target)));
        }
        // Forgets the peak so far, where the system can.
        let _ = fs::write("/proc/self/clear_refs", "5");
        rounds[floors.len()].push(timed(|target| _ = migrate(source, target)));
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
        peak_kib = peak_kib.max(kib);
    }
    let sorted = |times: &[[f64; 2]], of: usize| {
        let mut times: Vec<f64> = times.iter().map(|times| times[of]).collect();
        times.sort_by(f64::total_cmp);
        [times[0], times[times.len() / 2]]
    };
    for (of, what) in ["by the clock", "of processor time"].into_iter().enumerate() {
        let [least, median] = sorted(&rounds[floors.len()], of);
        println!("{name}, {what}: {median:.3} s (least {least:.3})");
        for ((floor, _), times) in floors.iter().zip(&rounds) {
            let [least_of, median_of] = sorted(times, of);
            let (ratio, of_least) = (median / median_of, least / least_of);
            println!(
                "  {floor} {median_of:.3} s (least {least_of:.3}): {ratio:.1} x (least {of_least:.1} x)"
            );
        }
    }
    println!("{name}: peak memory {:.1} MB", peak_kib as f64 * 1024.0 / 1e6);
}

/// Seconds by the clock and of processor time.
fn timed(work: impl FnOnce(&Path)) -> [f64; 2] {
    let target = tempfile::tempdir().unwrap();
    let (begun, before) = (Instant::now(), processor_s());
    work(target.path());
    [begun.elapsed().as_secs_f64(), processor_s() - before]
}

/// What this process used so far; 0 where the system does not tell it like Linux.
fn processor_s() -> f64 {
    /// The unit of `/proc/self/stat`, everywhere.
    const TICKS_PER_S: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_S
}

fn measure(
    criterion: &mut Criterion,
    name: &str,
    (_folder, source): (tempfile::TempDir, PathBuf),
    floors: &[(&str, Floor)],
) {
    let floor = floors[0].1;
    let mut sources = Vec::new();
    files(&source.join("profiles"), &mut sources);
    side_by_side(name, &source, &sources, floors);
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).measurement_time(Duration::from_secs(12));
    group.bench_function("floor", |bencher| {
        let target = || tempfile::tempdir().unwrap();
        bencher.iter_batched(
            target,
            |target| floor(&sources, target.path()),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("migrate", |bencher| {
        let target = || tempfile::tempdir().unwrap();
        bencher.iter_batched(
            target,
            |target| migrate(&source, target.path()),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
