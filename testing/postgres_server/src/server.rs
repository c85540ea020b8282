//! Starting the server, as another user where this one is root, and ending it with this process.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use postgres::{Client, NoTls};

const POOLER_PORT: u16 = 6432;

/// What a server is started with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether what is committed is to survive a crash of the machine.
    pub is_durable: bool,
    /// Lines of `postgresql.conf`.
    pub settings: Vec<String>,
    /// A port of this machine to listen on beside the socket.
    pub port: Option<u16>,
    /// Files beside the data, which only the server may read.
    pub files: Vec<(&'static str, String)>,
}

/// A running server.
pub struct Server {
    /// Waits until its input ends, then stops the server and removes the folder.
    keeper: Mutex<Child>,
    folder: PathBuf,
    binaries: PathBuf,
    port: u16,
    pooler: OnceLock<Mutex<Child>>,
    admin: Mutex<Client>,
    /// How its primary is reached, if it was made as a standby.
    primary: Option<String>,
}

/// Ends the server when the process that holds the other end of the pipe has gone, however it went.
const KEEP: &str = r#"
"$1/postgres" -D "$2/data" >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server $(cat "$2/pooler.pid" 2>/dev/null) 2>/dev/null
wait $server
rm -rf "$2"
"#;

impl Server {
    /// Starts a server; `None` where PostgreSQL is not installed.
    ///
    /// # Panics
    /// If it is not installed although `CI` is set, or if it does not start.
    pub fn start(options: &Options) -> Option<Server> {
        let Some(binaries) = binaries() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
            eprintln!("skipped: PostgreSQL is not installed");
            return None;
        };
        let folder = make_folder(other_user());
        make_cluster(&binaries, &folder, other_user(), options);
        Some(Server::over(binaries, folder, options.port.unwrap_or(5432)))
    }

    /// Runs the cluster that lies in a folder.
    fn over(binaries: PathBuf, folder: PathBuf, port: u16) -> Server {
        let mut keeper = command("/bin/sh", other_user());
        keeper.args(["-c", KEEP, "sh"]).arg(&binaries).arg(&folder).current_dir(&folder);
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
        let keeper = keeper.unwrap_or_else(|error| panic!("no server: {error}"));
        let admin = Mutex::new(connect(&folder, port, "postgres"));
        let (keeper, pooler) = (Mutex::new(keeper), OnceLock::new());
        Server { keeper, folder, binaries, port, pooler, admin, primary: None }
    }

    /// Starts a hot standby of this server, which acknowledges no commit from now on before the standby
    /// has it on its disk.
    ///
    /// # Panics
    /// If a copy of the server cannot be made or does not start.
    pub fn standby(&self) -> Server {
        let folder = make_folder(other_user());
        let data = folder.join("data");
        let mut copy = command(self.binaries.join("pg_basebackup"), other_user());
        copy.args([
            "--no-sync",
            "--checkpoint=fast",
            "--write-recovery-conf",
            "--username=burndown",
        ]);
        copy.arg("--host").arg(&self.folder).args(["--port", &self.port.to_string()]);
        let copied = copy.arg("--pgdata").arg(&data).current_dir(&folder).output();
        let copied = copied.unwrap_or_else(|error| panic!("pg_basebackup: {error}"));
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let place = folder.display();
        let settings = format!("unix_socket_directories = '{place}'\ncluster_name = 'standby'");
        append_settings(&data, &settings);
        let mut standby = Server::over(self.binaries.clone(), folder, self.port);
        standby.primary = Some(config_of(&self.folder, self.port, "postgres"));
        self.run("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        self.run("ALTER SYSTEM SET synchronous_commit = 'on'");
        self.run("SELECT pg_reload_conf()");
        let is_followed = "SELECT sync_state FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'";
        wait_until(|| !self.texts_in("postgres", is_followed).is_empty(), "no standby follows");
        standby
    }

    /// Makes a standby the primary.
    ///
    /// # Panics
    /// If it is none, or does not become one.
    pub fn promote(&self) {
        self.run("SELECT pg_promote()");
    }

    /// The folder of its socket, log and data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where its programs are.
    pub fn binaries(&self) -> &Path {
        &self.binaries
    }

    /// The address of a database.
    pub fn address(&self, database: &str) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://burndown@{folder}:{}/{database}", self.port)
    }

    /// Runs a statement as administrator.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn run(&self, sql: &str) {
        let mut admin = self.admin.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        execute(&mut admin, sql);
    }

    /// The same in a database of it.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn run_in(&self, database: &str, sql: &str) {
        execute(&mut connect(&self.folder, self.port, database), sql);
    }

    /// The texts of the rows that a statement gives in a database of it.
    ///
    /// # Panics
    /// If the server does not take it.
    pub fn texts_in(&self, database: &str, sql: &str) -> Vec<String> {
        match connect(&self.folder, self.port, database).query(sql, &[]) {
            Ok(rows) => rows.iter().map(|row| row.get(0)).collect(),
            Err(error) => panic!("{sql}: {error:?}"),
        }
    }

    /// The address of a database through PgBouncer, which hands out a connection for a transaction at a
    /// time. It is started at the first call and ends with the server.
    ///
    /// # Panics
    /// If PgBouncer is not installed.
    pub fn pooled_address(&self, database: &str) -> String {
        self.pooler.get_or_init(|| self.start_pooler());
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://burndown@{folder}:{POOLER_PORT}/{database}?prepared=off")
    }

    fn start_pooler(&self) -> Mutex<Child> {
        let folder = self.folder.display();
        let settings = format!(
            "[databases]\n* = host={folder} port={}\n[pgbouncer]\nunix_socket_dir = {folder}\n\
             listen_port = {POOLER_PORT}\nlisten_addr =\npool_mode = transaction\nauth_type = trust\n\
             auth_file = {folder}/users\nmax_client_conn = 400\ndefault_pool_size = 20\n\
             logfile = {folder}/pooler.log\npidfile = {folder}/pooler.pid\n",
            self.port
        );
        let write = |name: &str, text: &str| std::fs::write(self.folder.join(name), text);
        let written =
            write("users", "\"burndown\" \"\"\n").and_then(|()| write("pooler.ini", &settings));
        written.unwrap_or_else(|error| panic!("{folder}: {error}"));
        let mut pooler = command("/usr/sbin/pgbouncer", other_user());
        pooler.arg("--quiet").arg(self.folder.join("pooler.ini"));
        pooler.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let pooler = pooler.spawn().unwrap_or_else(|error| panic!("PgBouncer: {error}"));
        drop(connect(&self.folder, POOLER_PORT, "postgres"));
        Mutex::new(pooler)
    }

    /// Stops the server at once and removes what it kept.
    pub fn stop(&self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(keeper.stdin.take());
        let _ = keeper.wait();
    }
}

impl Drop for Server {
    /// Commits of a primary that is still there wait no more for a standby that goes.
    fn drop(&mut self) {
        if let Some(primary) = &self.primary
            && let Ok(mut primary) = Client::connect(primary, NoTls)
        {
            let _ = primary.simple_query("ALTER SYSTEM RESET synchronous_standby_names");
            let _ = primary.simple_query("SELECT pg_reload_conf()");
        }
        self.stop();
    }
}

/// The folder with the programs of the newest version that is installed.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions.flatten().map(|entry| entry.path()).max_by_key(number)?;
    Some(newest.join("bin")).filter(|folder| folder.join("initdb").exists())
}

/// User and group to run as: PostgreSQL refuses root.
fn other_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let answer = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(answer.stdout).ok()?.trim().parse::<u32>().ok()
    };
    if id(&["-u"])? != 0 {
        return None;
    }
    ["postgres", "nobody"].iter().find_map(|name| id(&["-u", name]).zip(id(&["-g", name])))
}

fn command(program: impl AsRef<Path>, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program.as_ref());
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn make_cluster(binaries: &Path, folder: &Path, user: Option<(u32, u32)>, options: &Options) {
    let data = folder.join("data");
    let mut initdb = command(binaries.join("initdb"), user);
    initdb.args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust"]);
    initdb.arg("--username=burndown").arg("-D").arg(&data).current_dir(folder);
    let made = initdb.output().unwrap_or_else(|error| panic!("initdb: {error}"));
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let mut settings = vec![
        format!("unix_socket_directories = '{}'", folder.display()),
        "max_connections = 120".to_owned(),
        "shared_buffers = 64MB".to_owned(),
        "max_wal_size = 512MB".to_owned(),
        match options.port {
            Some(port) => format!("listen_addresses = '127.0.0.1'\nport = {port}"),
            None => "listen_addresses = ''".to_owned(),
        },
    ];
    if !options.is_durable {
        settings.push("fsync = off\nsynchronous_commit = off\nfull_page_writes = off".to_owned());
    }
    settings.extend(options.settings.iter().cloned());
    for (name, text) in &options.files {
        let path = folder.join(name);
        let written = std::fs::write(&path, text).and_then(|()| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
            let (uid, gid) = user.unzip();
            std::os::unix::fs::chown(&path, uid, gid)
        });
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    append_settings(&data, &settings.join("\n"));
}

fn append_settings(data: &Path, settings: &str) {
    let file = std::fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"));
    let written = file.and_then(|mut file| writeln!(file, "{settings}"));
    written.unwrap_or_else(|error| panic!("postgresql.conf: {error}"));
}

/// A temporary folder that belongs to the user whom the server runs as.
fn make_folder(user: Option<(u32, u32)>) -> PathBuf {
    let folder = tempfile::Builder::new().prefix("pg-").tempdir().map(tempfile::TempDir::keep);
    let folder = folder.unwrap_or_else(|error| panic!("no temporary folder: {error}"));
    if let Some((uid, gid)) = user {
        let owned = std::os::unix::fs::chown(&folder, Some(uid), Some(gid));
        owned.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    }
    folder
}

fn wait_until(is_so: impl Fn() -> bool, otherwise: &str) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{otherwise}");
}

fn execute(client: &mut Client, sql: &str) {
    if let Err(error) = client.batch_execute(sql) {
        panic!("{sql}: {error:?}");
    }
}

fn config_of(folder: &Path, port: u16, database: &str) -> String {
    format!("host={} port={port} user=burndown dbname={database}", folder.display())
}

/// Connects as administrator, as soon as the server answers.
fn connect(folder: &Path, port: u16, database: &str) -> Client {
    let config = config_of(folder, port, database);
    let mut tries_left = 600;
    loop {
        match Client::connect(&config, NoTls) {
            Ok(client) => return client,
            Err(error) if tries_left == 0 => {
                let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
                panic!("the server does not answer: {error}\n{log}");
            }
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(50)),
        }
        tries_left -= 1;
    }
}
