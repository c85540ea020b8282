//! Runs a fake Jira to try the program against: `cargo run -p jira --example fake_jira -- DATA`.
#![allow(clippy::print_stdout, reason = "whoever starts it wants to know where it is")]

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

use fake_jira::{Anonymous, Behaviour, FakeJira, Kind, Login, World};

const USAGE: &str = "\
Serves issues as a Jira would, on this machine, until it is stopped.

    cargo run -p jira --example fake_jira -- [DATA…] [options]

DATA is a *.jsonl.gz file of issues, or a folder of such files.

    --generated N    N made-up issues instead
    --cloud          answers like Jira Cloud
    --data-center    answers like Jira Data Center (this is the default)
    --token TOKEN    asks for this token; on Cloud with the e-mail ada@example.org
    --port PORT      listens on this port instead of any that is free";

/// The e-mail that belongs to the token on Cloud.
const EMAIL: &str = "ada@example.org";

type Failure = Box<dyn std::error::Error>;

/// What the command line asks for.
struct Options {
    paths: Vec<PathBuf>,
    generated: usize,
    kind: Kind,
    token: Option<String>,
    port: u16,
}

fn main() -> Result<(), Failure> {
    let options = options(std::env::args().skip(1))?;
    if options.paths.is_empty() && options.generated == 0 {
        println!("{USAGE}");
        return Ok(());
    }
    let mut world = match options.generated {
        0 => World::load(&options.paths)?,
        count => World::generated_until(SystemTime::now(), count, 7),
    };
    world.set_clock(SystemTime::now());
    let projects = queries(&mut world)?;
    let behaviour = behaviour(&options);
    let jira = FakeJira::start_at(options.port, world, options.kind, behaviour)?;
    println!("{:?} at {}", options.kind, jira.url());
    match (&options.token, options.kind) {
        (None, _) => println!("no token is needed"),
        (Some(token), Kind::Cloud) => println!("e-mail {EMAIL}, token {token}"),
        (Some(token), Kind::DataCenter) => println!("token {token}"),
    }
    println!("queries to try:\n{}", projects.join("\n"));
    // Clients compare its clock with theirs.
    loop {
        thread::sleep(Duration::from_secs(30));
        jira.world().set_clock(SystemTime::now());
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Failure> {
    let mut options =
        Options { paths: Vec::new(), generated: 0, kind: Kind::DataCenter, token: None, port: 0 };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value\n\n{USAGE}"));
        match argument.as_str() {
            "--generated" => options.generated = value()?.parse()?,
            "--cloud" => options.kind = Kind::Cloud,
            "--data-center" => options.kind = Kind::DataCenter,
            "--token" => options.token = Some(value()?),
            "--port" => options.port = value()?.parse()?,
            unknown if unknown.starts_with('-') => {
                return Err(format!("{unknown} is not an option\n\n{USAGE}").into());
            }
            path => options.paths.push(path.into()),
        }
    }
    Ok(options)
}

fn behaviour(options: &Options) -> Behaviour {
    let honest = Behaviour::honest(options.kind);
    match (options.token.clone(), options.kind) {
        (None, _) => honest,
        (Some(token), Kind::Cloud) => {
            honest.login(Login::Basic(EMAIL.to_owned(), token), Anonymous::Nothing)
        }
        (Some(token), Kind::DataCenter) => honest.login(Login::Bearer(token), Anonymous::Refused),
    }
}

/// A line for each project that has issues.
fn queries(world: &mut World) -> Result<Vec<String>, Failure> {
    let mut lines = Vec::new();
    for project in world.projects() {
        let jql = format!("project = \"{project}\"");
        let count = world.search(&jql)?.len();
        if count > 0 {
            lines.push(format!("    {jql}    ({count} issues)"));
        }
    }
    Ok(lines)
}
