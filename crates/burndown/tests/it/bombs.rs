//! Files that could take all memory, in every form that can be imported: what each takes of a server, looked
//! at and imported over HTTP. `BURNDOWN_BINARY=target/release/burndown cargo test -p burndown --test it --
//! --ignored --nocapture bombs::soak` offers all of them, or those that `BURNDOWN_BOMB` names a part of;
//! `bombs::no_file` the quick ones.

#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};

use crate::memory::LEFT_MB_MAX;
use crate::program::command;
use crate::samples::Workspace;
use crate::serving::Server;
use crate::stops::binary;

/// The most that a server takes, in MB.
const PEAK_MB_MAX: u64 = 200;
const MIB: usize = 1 << 20;

/// A file, by what it is.
struct Bomb {
    name: &'static str,
    make: fn() -> Vec<u8>,
    /// Whether it is imported; else it is refused with a sentence.
    is_taken: bool,
    is_quick: bool,
}

const fn bomb(name: &'static str, make: fn() -> Vec<u8>, is_taken: bool, is_quick: bool) -> Bomb {
    Bomb { name, make, is_taken, is_quick }
}

const BOMBS: [Bomb; 30] = [
    bomb("list, 60 MiB of descriptions", || list(39_500, "", &"x".repeat(1_550)), true, false),
    bomb("list, 60 MiB of summaries", || list(39_500, &"s".repeat(1_550), ""), true, false),
    bomb("list, every column filled", || full_list(95_000, 100, 200), false, false),
    bomb("list, as full as is taken", || full_list(39_900, 40, 240), true, true),
    bomb("list, fuller than is taken", || full_list(39_900, 210, 250), false, false),
    bomb("list, summaries of 7 MiB", || list(8, &"s".repeat(7 * MIB), ""), true, true),
    bomb("list, a row without an end", endless_row, false, true),
    bomb("list, packed", || packed(&list(39_500, "", &"x".repeat(940))), true, false),
    bomb("list, UTF-16", || utf16(&list(22_000, "", &"x".repeat(620))), true, false),
    bomb("list, Windows-1252", || latin(&list(39_500, "", &"x".repeat(700))), true, false),
    bomb(
        "list, only commas",
        || [&list(1, "", "")[..], &b",".repeat(40 * MIB)].concat(),
        false,
        true,
    ),
    bomb("list, more rows than any", || list(3_000_000, "", ""), false, false),
    bomb("statistics, packed", || packed(&statistics(3_000_000, "")), false, true),
    bomb("statistics, 15 MiB", || statistics(90_000, &"x".repeat(150)), false, true),
    bomb("statistics, as long as is taken", || statistics(19_900, &"x".repeat(400)), true, true),
    bomb("statistics as JSON, 45 MiB", || rows(90_000, 480), false, true),
    bomb("statistics as JSON, 15 MiB", || rows(90_000, 120), false, true),
    bomb("statistics as JSON, as long as is taken", || rows(19_900, 360), true, true),
    bomb(
        "old export, a text of 45 MiB",
        || old(&format!(r#","x":"{}""#, "y".repeat(45 * MIB)), ""),
        false,
        true,
    ),
    bomb(
        "old export, many values",
        || old(&format!(r#","x":[{}1]"#, "1,".repeat(2_400_000)), ""),
        false,
        true,
    ),
    bomb(
        "old export, packed values",
        || packed(&old(&format!(r#","x":[{}1]"#, "1,".repeat(20 * MIB)), "")),
        false,
        true,
    ),
    bomb(
        "old export, deep",
        || old(&format!(r#","x":{}{}"#, "[".repeat(20 * MIB), "]".repeat(20 * MIB)), ""),
        false,
        true,
    ),
    bomb("old export, rows of a database", database_rows, false, false),
    bomb("old export, 200 MiB of issues", || old("", &old_issues(20_000, 10_000)), true, false),
    bomb("archive that unpacks to much", || archive(&["y".repeat(300 * MIB)]), false, false),
    bomb(
        "archive of many values",
        || archive(&vec![format!("[{}1]", "1,".repeat(MIB - 100)); 30]),
        false,
        false,
    ),
    bomb(
        "own export, 300 MiB of summaries",
        || own(600, |it| it.0.push_str(&filled(500_000)), true),
        true,
        false,
    ),
    bomb(
        "own export, 300 MiB of statuses",
        || own(600, |it| it.1.push_str(&filled(500_000)), true),
        true,
        false,
    ),
    bomb("own export, long histories", || own(40, |it| it.2 = 50_000, true), true, false),
    bomb("nothing but blanks", || vec![b' '; 200 * MIB], false, false),
];

/// A table of issues as Jira exports it.
fn list(count: usize, summary: &str, description: &str) -> Vec<u8> {
    let mut text = "Issue key,Status,Created,Resolved,Summary,Description\n".to_owned();
    for number in 0..count {
        let day = number % 28 + 1;
        writeln!(text, "K-{number},Done,2025-03-{day:02},2025-04-{day:02},{summary},{description}")
            .unwrap();
    }
    text.into_bytes()
}

/// The same with every column filled: names of that length, and numbers before them.
fn full_list(count: usize, name: usize, summary: usize) -> Vec<u8> {
    let mut text =
        "Issue key,Status,Created,Resolved,Updated,Issue Type,Summary,Resolution,Priority\n"
            .to_owned();
    let (long, longer) = ("n".repeat(name), "s".repeat(summary));
    for number in 0..count {
        let day = format!("2025-03-{:02}", number % 28 + 1);
        writeln!(text, "K-{number},{long},{day},{day},{day},{long},{longer},{long},{long}")
            .unwrap();
    }
    text.into_bytes()
}

fn endless_row() -> Vec<u8> {
    [&list(5, "", "")[..], b"K-1,\"", &b"x\n".repeat(25 * MIB)].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The same with umlauts of one byte each.
fn latin(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if *byte == b'x' { 0xfc } else { *byte }).collect()
}

fn statistics(count: usize, note: &str) -> Vec<u8> {
    let row = format!("2025-01-01,1,1,{note}\n");
    ("date,completed_items,completed_points,note\n".to_owned() + &row.repeat(count)).into_bytes()
}

fn rows(count: usize, bytes: usize) -> Vec<u8> {
    let row =
        format!(r#"{{"date":"2025-01-01","completed_items":1,"n":"{}"}},"#, "x".repeat(bytes));
    let last = r#"{"date":"2025-01-02","completed_items":1}"#;
    format!(r#"{{"statistics":[{}{last}]}}"#, row.repeat(count)).into_bytes()
}

/// An export of the old app with more members of its profile, and these issues.
fn old(more: &str, issues: &str) -> Vec<u8> {
    format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"P"{more}}},"query_data":{{"q":{{"query_metadata":{{"name":"Q","jql":""}},"jira_cache":{{"issues":[{issues}]}}}}}}}}"#
    )
    .into_bytes()
}

fn old_issues(count: usize, bytes: usize) -> String {
    let fill = "x ".repeat(bytes / 2);
    let issue = |number: usize| {
        format!(
            r#"{{"key":"K-{number}","fields":{{"status":{{"name":"Open"}},"summary":"{number}","description":"{fill}"}}}}"#
        )
    };
    (0..count).map(issue).collect::<Vec<_>>().join(",")
}

fn database_rows() -> Vec<u8> {
    let summary = "s".repeat(250);
    let issue = |number: usize| {
        format!(
            r#"{{"issue_key":"K-{number}","summary":"{summary}","status":"Done","fetched_at":"2025-01-01T00:00:00Z"}}"#
        )
    };
    let change = |number: usize| {
        format!(
            r#"{{"issue_key":"K-{}","change_date":"2025-01-01T00:00:00Z","field_name":"status","old_value":"A","new_value":"B"}}"#,
            number % 50_000
        )
    };
    let issues: Vec<String> = (0..60_000).map(issue).collect();
    let changes: Vec<String> = (0..150_000).map(change).collect();
    format!(
        r#"{{"manifest":{{}},"profile_data":{{"id":"p","name":"P"}},"query_data":{{"q":{{"query_metadata":{{"name":"Q","jql":""}},"jira_cache":{{"issues":[{}]}},"changelog_entries":[{}]}}}}}}"#,
        issues.join(","),
        changes.join(",")
    )
    .into_bytes()
}

/// An archive of the old app with queries that hold these.
fn archive(queries: &[String]) -> Vec<u8> {
    let (mut zip, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    let mut put = |name: &str, text: &str| {
        let (mut crc, mut deflated) =
            (Crc::new(), DeflateEncoder::new(Vec::new(), Compression::fast()));
        crc.update(text.as_bytes());
        deflated.write_all(text.as_bytes()).unwrap();
        let deflated = deflated.finish().unwrap();
        let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let at = number(zip.len());
        let about = [
            &[20, 0, 0, 8, 8, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &number(deflated.len()),
            &number(text.len()),
            &u16::try_from(name.len()).unwrap().to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        zip.extend([&b"PK\x03\x04"[..], &about, name.as_bytes(), &deflated].concat());
        let entry = [&b"PK\x01\x02\x14\0"[..], &about, &[0; 10], &at, name.as_bytes()];
        directory.extend(entry.concat());
        count += 1;
    };
    put("profile.json", r#"{"id":"p","name":"P"}"#);
    for (number, value) in queries.iter().enumerate() {
        let value = if value.starts_with('[') { value.clone() } else { format!("\"{value}\"") };
        put(&format!("queries/q{number}.json"), &format!(r#"{{"x":{value}}}"#));
    }
    let (at, bytes) = (zip.len() as u32, directory.len() as u32);
    let counts = [count.to_le_bytes(), count.to_le_bytes()].concat();
    zip.extend(directory);
    let places = [&bytes.to_le_bytes()[..], &at.to_le_bytes()].concat();
    zip.extend([&b"PK\x05\x06\0\0\0\0"[..], &counts, &places, &[0, 0]].concat());
    zip
}

/// A text that packs a hundredfold and not more.
fn filled(bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 200);
    let mut seed = bytes as u64 | 1;
    while text.len() < bytes {
        for _ in 0..20 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            write!(text, "{:08x}", seed >> 32).unwrap();
        }
        text.push_str(&"s".repeat(9_840));
    }
    text
}

/// An export of our own: summary and status of each issue, and how many histories it has.
fn own(count: usize, fill: fn(&mut (String, String, usize)), is_packed: bool) -> Vec<u8> {
    let mut texts = ("S".to_owned(), "Open".to_owned(), 0);
    fill(&mut texts);
    let (summary, status, histories) = texts;
    let mut file = GzEncoder::new(Vec::new(), Compression::fast());
    let mut put = |text: &str| file.write_all(text.as_bytes()).unwrap();
    put(
        r#"{"format":"burndown-export","version":1,"program_version":"0.1.0","exported_at":"2026-11-30T16:44:32Z","time_zone":"UTC","content":"everything","records":["#,
    );
    put(
        "\n{\"profile\":{\"id\":\"p\",\"name\":\"P\"}},\n{\"query\":{\"id\":\"q\",\"name\":\"Q\",\"jql\":\"\"}},\n{\"issues\":{}}",
    );
    for number in 0..count {
        put(&format!(
            ",\n{{\"issue\":{{\"key\":\"K-{number}\",\"document\":{{\"key\":\"K-{number}\",\"fields\":{{\"summary\":\"{summary}\",\"status\":{{\"name\":\"{number}{status}\"}}}}}}}}}}"
        ));
    }
    let changed = if histories > 0 { count } else { 0 };
    if histories > 0 {
        put(",\n{\"changelogs\":{}}");
    }
    let item = |number: usize| {
        format!(
            r#"{{"id":"{number}","created":"2025-01-01T00:00:00.000+0000","items":[{{"field":"status","fromString":"A","toString":"{number}"}}]}}"#
        )
    };
    let all: Vec<String> = (0..histories).map(item).collect();
    for number in 0..changed {
        put(&format!(
            ",\n{{\"changelog\":{{\"key\":\"K-{number}\",\"document\":{{\"key\":\"K-{number}\",\"changelog\":{{\"histories\":[{}]}}}}}}}}",
            all.join(",")
        ));
    }
    put(&format!(
        "\n],\"counts\":{{\"profiles\":1,\"queries\":1,\"issues\":{count},\"changelogs\":{changed},\"project_data\":0,\"snapshots\":0}}}}"
    ));
    let file = file.finish().unwrap();
    assert!(is_packed);
    file
}

/// Shows a file to a server, as the page for imports does; the page that comes.
fn offer(server: &Server, file: &[u8]) -> String {
    let head = "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
    let end = "\r\n--xyz--\r\n";
    let mut stream = TcpStream::connect(&server.address).unwrap();
    write!(
        stream,
        "POST /import HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nAuthorization: Bearer {1}\r\n\
         Connection: close\r\nContent-Length: {2}\r\nContent-Type: multipart/form-data; boundary=xyz\r\n\r\n{head}",
        server.address,
        server.key,
        head.len() + file.len() + end.len()
    )
    .unwrap();
    stream.write_all(file).unwrap();
    stream.write_all(end.as_bytes()).unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

/// Offers a file and imports it where it is taken; megabytes before, at most and afterwards.
fn measure(bomb: &Bomb) -> (u64, u64, u64) {
    let workspace = Workspace::empty();
    let mut serve = command(binary(), &workspace.path);
    let server = Server::spawn(serve.args(["serve", "--workspace", ".", "--port", "0"]));
    server.get("/");
    let (_, idle) = server.memory_mb();
    let page = offer(&server, &(bomb.make)());
    let upload = page.split("name=\"upload\" value=\"").nth(1);
    assert_eq!(upload.is_some(), bomb.is_taken, "{}: {page}", bomb.name);
    match upload {
        Some(rest) => {
            let upload = rest.split('"').next().unwrap();
            let (head, page) = server.post("/import/confirm", &[("upload", upload), ("name", "L")]);
            assert!(head.starts_with("HTTP/1.1 303"), "{}: {head}\n{page}", bomb.name);
        }
        None => assert!(page.contains("cannot be imported"), "{}: {page}", bomb.name),
    }
    let (peak, left) = server.settled_mb(idle + LEFT_MB_MAX);
    (idle, peak, left)
}

fn check(bombs: impl Iterator<Item = &'static Bomb>) {
    let mut wrong = Vec::new();
    for bomb in bombs {
        let (idle, peak, left) = measure(bomb);
        let told = format!("{}: {idle} MB before, {peak} at most, {left} afterwards", bomb.name);
        eprintln!("{told}");
        if peak > PEAK_MB_MAX || left > idle + LEFT_MB_MAX {
            wrong.push(told);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_takes_all_memory() {
    check(BOMBS.iter().filter(|bomb| bomb.is_quick));
}

#[test]
#[ignore = "it takes minutes"]
fn soak() {
    let part = std::env::var("BURNDOWN_BOMB").unwrap_or_default();
    check(BOMBS.iter().filter(|bomb| bomb.name.contains(&part)));
}
