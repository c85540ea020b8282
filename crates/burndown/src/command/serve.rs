//! `burndown serve`: the workspace in the browser.

use std::fmt::Display;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::thread;

use app::access_key::{self, Announced, Gate, Prepared};
use app::live::Live;
use app::migration::{self, Standing};
use serde_json::json;
use web::Login;
use words::Front;

use super::{demo, migrate};
use crate::arguments::Serve;
use crate::browser;
use crate::failure::{Failure, Result};
use crate::opening;
use crate::run::Run;
use crate::running;
use crate::server;

const PORT_DEFAULT: u16 = 8050;
/// How many ports from the default one on are tried.
const PORTS_TRIED: u16 = 100;

/// Makes the workspace ready, then answers the browser until it is told to end.
pub fn run(run: &Run, options: &Serve) -> Result<()> {
    // Whoever names a port wants a server of his own.
    if options.port.is_none()
        && let Some(address) = running::address(&run.place.folder)
    {
        return show_running(run, options, address);
    }
    // A taken port is noticed before anything is migrated, but nobody is answered before the end
    // of a migration.
    drop(listen(options)?);
    web::check_threads().map_err(|error| network_failure(&error))?;
    if options.demo {
        run.output.say(&demo::sentence(&demo::prepare(run)?));
    }
    let (live, was_there) = make_ready(run)?;
    let listener = listen(options)?;
    let bound = listener.local_addr().map_err(|error| network_failure(&error))?;
    let address = access_key::reachable(bound);
    let folder = &run.place.folder;
    let key = if options.no_login { None } else { Some(own_key(run, was_there)?) };
    let announced = Announced::at(folder, bound);
    if let Err(error) = &announced {
        tracing::warn!(%error, "where the server listens is not noted");
    }
    let mut told = Ok(());
    let ready = || {
        told = tell(run, address, key.as_ref());
        if options.open {
            open_browser(run, address, key.is_some());
        }
    };
    let web_options = web::Options {
        login: match &key {
            Some(key) => Login::Keys(gate(run, &key.file, address.port())?),
            None => Login::Off,
        },
        trusted_hosts: options.trusted_host.clone(),
        is_remote: options.allow_remote.is_some_and(|ip| !ip.is_loopback()),
    };
    web::run(live, web_options, listener, ready).map_err(|error| network_failure(&error))?;
    told
}

/// Who is let in. Nodes of one store that have a key in common accept each other's sessions.
fn gate(run: &Run, key_file: &Path, port: u16) -> Result<Gate> {
    let gate = Gate::new(&run.place.folder, key_file, port);
    let shared = match run.server {
        Some(_) => server::shared_key(&run.surroundings, &run.general)?,
        None => None,
    };
    Ok(match shared {
        Some(key) => gate.shared(key),
        None => gate,
    })
}

/// A server shows this workspace already: that one is opened, or its address said.
fn show_running(run: &Run, options: &Serve, address: SocketAddr) -> Result<()> {
    let url = format!("http://{address}/");
    run.output.answer(&json!({ "url": url, "is_running": true }), |_| {
        format!("burndown is at {url} already; `burndown open` opens it\n")
    })?;
    if options.open {
        open_browser(run, address, !options.no_login);
    }
    Ok(())
}

/// The key of the workspace, made if there is none. Whoever had these pages open before there were
/// keys is told why they ask for one. Where nothing can be written, it is good for this run.
fn own_key(run: &Run, was_there: bool) -> Result<Prepared> {
    let key = access_key::prepare(&run.place.folder).or_else(|error| {
        run.output.warn(&format!("the access key is good for this run only: {error}"));
        access_key::prepare_for_one_run()
    })?;
    if key.was_readable {
        run.output.warn(&format!(
            "others could read {}, so the workspace has a new key and all sessions ended",
            key.file.display()
        ));
    } else if key.is_new && was_there && !key.is_for_one_run() {
        run.output.say(
            "pages of this workspace ask for an access key from now on, bookmarks too: open the \
             link once in each browser, or run `burndown open`",
        );
    }
    Ok(key)
}

/// Says where the server is. The key is shown on a terminal only: anything else may be kept.
fn tell(run: &Run, address: SocketAddr, key: Option<&Prepared>) -> Result<()> {
    let url = format!("http://{address}/");
    let folder = run.place.folder.display().to_string();
    let key_file = key.map(|key| key.file.display().to_string());
    let answer = json!({ "url": url, "workspace": folder, "key_file": key_file });
    run.output.answer(&answer, |_| match key {
        Some(prepared) if run.output.is_for_people() => {
            let key = prepared.key.reveal();
            format!("burndown is at {url}login?key={key}  (workspace {folder})\n")
        }
        Some(prepared) => {
            let file = prepared.file.display();
            format!("burndown is at {url}  (workspace {folder}, key in {file})\n")
        }
        None => format!("burndown is at {url}  (workspace {folder}, open to whoever reaches it)\n"),
    })
}

/// Migrates where that is due, says what else is the matter, and opens the workspace. Says too
/// whether there was one.
fn make_ready(run: &Run) -> Result<(Live, bool)> {
    if let Some(app) = opening::on_server(run, true)? {
        return Ok((Live::from(app), true));
    }
    let folder = &run.place.folder;
    let mut opened = opening::look_into(run)?;
    let was_there = matches!(opened.standing, Standing::Ready { .. });
    match &opened.standing {
        Standing::OnlyOtherDatabase { database, hint } => {
            return Err(opening::only_other_database(run, database, hint));
        }
        Standing::Legacy { found } => {
            run.output.say(&migrate::found_line(found));
            // Whoever migrates waits until nobody holds the workspace.
            drop(opened);
            migrate_first(run)?;
            opened = opening::look_into(run)?;
        }
        _ => {}
    }
    if let Some(pid) = migration::other_servers(folder).first() {
        run.output.warn(&format!(
            "another burndown (pid {pid}) shows this workspace in the browser already; both can be used"
        ));
    }
    let standing = opened.standing.clone();
    let live = Live::open(opened, opening::context(run))?;
    let app = live.app()?;
    match app.remark(&standing) {
        Ok(Some(remark)) => run.output.warn(&words::remark(&remark, Front::Terminal)),
        Ok(None) => {}
        // Damage is told on the page; whoever cannot read must still be able to see it.
        Err(error) => tracing::warn!(%error, "what is the matter with the workspace is not known"),
    }
    opening::warn_of_modes(run);
    app.remove_abandoned_uploads();
    let not_kept =
        |error: &dyn Display| tracing::warn!(%error, "the forecasts of this week are not kept");
    let keep = move || app.keep_forecasts(None).unwrap_or_else(|error| not_kept(&error));
    if let Err(error) = thread::Builder::new().spawn(keep) {
        not_kept(&error);
    }
    Ok((live, was_there))
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
fn listen(options: &Serve) -> Result<TcpListener> {
    let ip = options.allow_remote.unwrap_or(Ipv4Addr::LOCALHOST.into());
    let on = |port| TcpListener::bind(SocketAddr::new(ip, port));
    if let Some(port) = options.port {
        return on(port).map_err(|error| port_failure(ip, port, &error));
    }
    let mut ports = PORT_DEFAULT..PORT_DEFAULT + PORTS_TRIED;
    let free = ports.find_map(|port| on(port).ok());
    free.map_or_else(|| on(0), Ok).map_err(|error| port_failure(ip, PORT_DEFAULT, &error))
}

fn port_failure(ip: IpAddr, port: u16, error: &io::Error) -> Failure {
    Failure::new(match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {port} is taken by another program; end that one, name another port with --port, \
             or leave --port out to get a free one"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("port {port} is reserved for the system; name one above 1023 with --port")
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("{ip} is no address of this machine; name one that is with --allow-remote")
        }
        _ => format!("port {port} cannot be used: {error}; name another one with --port"),
    })
}

fn network_failure(error: &io::Error) -> Failure {
    Failure::new(format!("the server cannot run on this machine: {error}"))
}

/// Opens the page in the browser. Where that does not work, the address is there to click on.
fn open_browser(run: &Run, address: SocketAddr, asks_for_key: bool) {
    let url = format!("http://{address}/");
    let opened = match asks_for_key {
        true => browser::open(run, address),
        false => browser::start(Path::new(&url)),
    };
    if let Err(failure) = opened {
        run.output.warn(&format!("{}; go to {url} yourself", failure.message));
    }
}
