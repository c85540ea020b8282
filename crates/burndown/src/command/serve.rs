//! `burndown serve`: the workspace in the browser.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use app::live::Live;
use app::migration::{self, Standing};
use serde_json::json;

use words::Front;

use super::{demo, migrate};
use crate::arguments::Serve;
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;

const PORT_DEFAULT: u16 = 8050;
/// How many ports from the default one on are tried.
const PORTS_TRIED: u16 = 100;

/// Makes the workspace ready, then answers the browser until it is told to end.
pub fn run(run: &Run, options: &Serve) -> Result<()> {
    // A taken port is noticed before anything is migrated, but nobody is answered before the end
    // of a migration.
    drop(listen(options.port)?);
    if options.demo {
        run.output.say(&demo::sentence(&demo::prepare(run)?));
    }
    let live = make_ready(run)?;
    let listener = listen(options.port)?;
    let address = listener.local_addr().map_err(|error| network_failure(&error))?;
    let url = format!("http://{address}/");
    let folder = run.place.folder.display().to_string();
    let mut told = Ok(());
    let ready = || {
        told = run.output.answer(&json!({ "url": url, "workspace": folder }), |_| {
            format!("burndown is at {url}  (workspace {folder})\n")
        });
        if options.open {
            open_browser(run, &url);
        }
    };
    web::run(live, listener, ready).map_err(|error| network_failure(&error))?;
    told
}

/// Migrates where that is due, says what else is the matter, and opens the workspace.
fn make_ready(run: &Run) -> Result<Live> {
    let folder = &run.place.folder;
    let mut standing = migration::standing(folder, folder)?;
    match &standing {
        Standing::OnlyOtherDatabase { database, hint } => {
            return Err(opening::only_other_database(run, database, hint));
        }
        Standing::Legacy { found } => {
            run.output.say(&migrate::found_line(found));
            migrate_first(run)?;
            standing = migration::standing(folder, folder)?;
        }
        _ => {}
    }
    if let Some(pid) = migration::other_servers(folder).first() {
        run.output.warn(&format!(
            "another burndown (pid {pid}) shows this workspace in the browser already; both can be used"
        ));
    }
    let live = Live::open(folder, &standing, opening::context(run))?;
    let app = live.app()?;
    match app.remark(&standing) {
        Ok(Some(remark)) => run.output.warn(&words::remark(&remark, Front::Terminal)),
        Ok(None) => {}
        // Damage is told on the page; whoever cannot read must still be able to see it.
        Err(error) => tracing::warn!(%error, "what is the matter with the workspace is not known"),
    }
    if let Err(error) = app.remove_abandoned_uploads() {
        tracing::warn!(%error, "uploads of a server that was killed are not removed");
    }
    std::thread::spawn(move || {
        if let Err(error) = app.keep_forecasts(None) {
            tracing::warn!(%error, "the forecasts of this week are not kept");
        }
    });
    Ok(live)
}

fn migrate_first(run: &Run) -> Result<()> {
    match migrate::migrate(run, &run.place.folder, false) {
        Ok(report) => migrate::summary(&report).lines().for_each(|line| run.output.say(line)),
        // Another process was faster, and all is done.
        Err(migration::Error::AlreadyMigrated(_)) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Takes the port that was asked for, else the default one or the next free one.
fn listen(port: Option<u16>) -> Result<TcpListener> {
    let on = |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    if let Some(port) = port {
        return on(port).map_err(|error| port_failure(port, &error));
    }
    let mut ports = PORT_DEFAULT..PORT_DEFAULT + PORTS_TRIED;
    let free = ports.find_map(|port| on(port).ok());
    free.map_or_else(|| on(0), Ok).map_err(|error| network_failure(&error))
}

fn port_failure(port: u16, error: &io::Error) -> Failure {
    Failure::new(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {port} is taken by another program; end that one, name another port with --port, \
             or leave --port out to get a free one"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("port {port} is reserved for the system; name one above 1023 with --port")
        }
        _ => format!("port {port} cannot be used: {error}; name another one with --port"),
    })
}

fn network_failure(error: &io::Error) -> Failure {
    Failure::new(format!("the server cannot run on this machine: {error}"))
}

/// Opens the page in the browser. Where that does not work, the address is there to click on.
fn open_browser(run: &Run, url: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    let started =
        command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = started {
        run.output
            .warn(&format!("the browser could not be opened ({error}); go to {url} yourself"));
    }
}
