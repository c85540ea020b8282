//! What only a server can do to a store: go away, be newer, be asked for a certificate.

use std::process::Command;

use postgres_server::{Database, Options, Server};
use store::{Error, Store};

use crate::sample::put;

const CUT_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn opened() -> Option<(Database, Box<dyn Store>)> {
    let database = Database::new()?;
    let store = store::open(&database.address()).unwrap();
    Some((database, store))
}

#[test]
fn cut_connections_are_made_anew() {
    let Some((database, store)) = opened() else { return };
    for number in 0..5 {
        put(&*store, |writer| writer.put_state("a", &number.to_string()));
        database.run(CUT_ALL);
        let read = store.read().unwrap().state("a").unwrap();
        assert_eq!(read, Some(number.to_string()));
        database.run(CUT_ALL);
    }
}

/// With two connections: one for all that a thread reads at once, one to write.
#[test]
fn whoever_reads_while_it_reads_needs_no_other_connection() {
    let Some(database) = Database::new() else { return };
    let address = database.address();
    let mark = if address.contains('?') { '&' } else { '?' };
    let store = store::open(&format!("{address}{mark}connections=2&patience=2")).unwrap();
    put(&*store, |writer| writer.put_state("a", "1"));
    let readers: Vec<_> = (0..5).map(|_| store.read().unwrap()).collect();
    let state = |reader: &dyn store::Reader| reader.state("a").unwrap();
    // What is read at once is of one moment; what is read after a write is of after it.
    put(&*store, |writer| writer.put_state("a", "2"));
    assert_eq!(
        readers.iter().map(|reader| state(&**reader)).collect::<Vec<_>>(),
        vec![Some("1".to_owned()); 5]
    );
    drop(readers);
    let before = store.read().unwrap();
    put(&*store, |writer| writer.put_state("a", "3"));
    assert_eq!(
        (state(&*before), state(&*store.read().unwrap())),
        (Some("2".into()), Some("3".into()))
    );
    let refused = store::open(&format!("{address}{mark}connections=1"));
    assert!(refused.is_err_and(|error| error.to_string().contains("connections")));
}

/// Through a pooler a connection is another one of the server in each transaction, on which a name may be
/// prepared for something else. That is noticed before a statement is run.
#[test]
fn a_pooler_is_noticed_whatever_the_address_says() {
    let Some(database) = Database::new() else { return };
    let address = database.pooled_address().replace("prepared=off", "prepared=on");
    let store = store::open(&address).unwrap();
    for number in 0..5 {
        // Several at once, so that they are handed out in another order the next time.
        let readers = [(); 3].map(|()| store.read().unwrap());
        readers.iter().for_each(|reader| drop(reader.states().unwrap()));
        put(&*store, |writer| writer.put_state("a", &number.to_string()));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        let reader = store.read().unwrap();
                        assert_eq!(reader.state("a").unwrap(), Some(number.to_string()));
                        assert_eq!(reader.profiles().unwrap(), []);
                    }
                });
            }
        });
    }
}

#[test]
fn a_transaction_that_is_cut_leaves_nothing() {
    let Some((database, store)) = opened() else { return };
    let cut = store.transact(|writer| {
        writer.put_state("a", "1")?;
        database.run(CUT_ALL);
        writer.put_state("b", "1")
    });
    assert!(matches!(cut, Err(Error::ServerGone { .. })), "{cut:?}");
    assert_eq!(store.read().unwrap().states().unwrap(), []);
    let cut = store.transact(|writer| {
        writer.put_state("a", "1")?;
        database.run(CUT_ALL);
        Ok(())
    });
    assert!(matches!(cut, Err(Error::ServerGone { .. })), "{cut:?}");
    assert_eq!(store.read().unwrap().states().unwrap(), []);
    put(&*store, |writer| writer.put_state("a", "2"));
}

#[test]
fn a_statement_that_fails_ends_its_transaction() {
    let Some((_database, store)) = opened() else { return };
    let key = "x".repeat(1 << 20);
    let failed = store.transact(|writer| {
        writer.put_state("a", "1")?;
        // Too long for the index of keys, which is the server's limit and not the contract's.
        let random: String =
            (0..20_000_u32).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9))).collect();
        assert!(writer.put_state(&random, &key).is_err());
        Ok(())
    });
    assert!(matches!(failed, Err(Error::Aborted(_))), "{failed:?}");
    assert_eq!(store.read().unwrap().states().unwrap(), []);
}

/// Texts of Jira have letters of all the world.
#[test]
fn a_database_of_another_encoding_is_refused_before_anything_is_made() {
    let Some(database) = Database::new() else { return };
    let name = format!("{}_latin", database.name());
    database
        .run(&format!("CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"));
    let address = database.address().replacen(database.name(), &name, 1);
    let refused = store::open(&address).map(drop).unwrap_err().to_string();
    database.run(&format!("DROP DATABASE {name} WITH (FORCE)"));
    assert!(refused.contains("LATIN1") && refused.contains("UTF8"), "{refused}");
}

#[test]
fn a_newer_schema_stops_what_is_open() {
    let Some((database, store)) = opened() else { return };
    let version = store.schema_version().unwrap();
    database.run("UPDATE workspace SET schema_version = 1000");
    let refused = |result: Result<(), Error>| match result {
        Err(Error::TooNew { found: 1000, supported, .. }) => assert_eq!(supported, version),
        other => panic!("{other:?}"),
    };
    // More often than there are connections: each refusal gives its own back.
    for _ in 0..20 {
        refused(store.read().map(drop));
        refused(store.transact(|writer| writer.put_state("a", "1")));
    }
    refused(store::open(&database.address()).map(drop));
    database.run(&format!("UPDATE workspace SET schema_version = {version}"));
    assert_eq!(store.read().unwrap().states().unwrap(), []);
}

#[test]
fn texts_may_hold_what_the_server_cannot() {
    let Some((_database, store)) = opened() else { return };
    let text = "a\0b\u{10fffe}0\u{10ffff}";
    put(&*store, |writer| writer.put_state("a", text));
    assert_eq!(store.read().unwrap().state("a").unwrap().as_deref(), Some(text));
}

/// Both schemas have the same tables with the same columns, which may be empty in the same places.
#[test]
fn both_schemas_have_the_same_columns() {
    let Some((database, _store)) = opened() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.sqlite");
    drop(store::open(&format!("sqlite:{}", file.display())).unwrap());
    let connection = rusqlite::Connection::open(&file).unwrap();
    let sql = "SELECT m.name || '.' || c.name || (CASE WHEN c.\"notnull\" OR c.pk THEN ' filled' ELSE '' END)
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1";
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut sqlite: Vec<String> = rows.map(Result::unwrap).collect();
    // What only SQLite counts, because a server answers for its own files.
    sqlite.retain(|column| !column.starts_with("checks."));
    let mut postgres = database.texts(
        "SELECT table_name || '.' || column_name || (CASE is_nullable WHEN 'NO' THEN ' filled' ELSE '' END)
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name !~ '_[0-9]+$'",
    );
    // SQLite keeps it in the header of the file.
    postgres.retain(|column| column != "workspace.schema_version filled");
    postgres.sort();
    assert_eq!(postgres, sqlite);
}

/// A certificate for `db.example.org`, signed by an authority of its own.
fn make_certificates(folder: &std::path::Path) {
    let run = |line: &str| {
        let arguments = line.split_whitespace();
        let ran = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
        assert!(ran.status.success(), "{line}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    std::fs::write(folder.join("names"), "subjectAltName=DNS:db.example.org").unwrap();
    run(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 9000 -subj /CN=authority",
    );
    run("req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj /CN=db.example.org");
    run(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 9000 -extfile names",
    );
}

#[test]
fn certificates_are_looked_at_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    make_certificates(folder.path());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let files = vec![("server.pem", text("server.pem")), ("server.key", text("server.key"))];
    let settings =
        ["ssl = on", "ssl_cert_file = '../server.pem'", "ssl_key_file = '../server.key'"];
    let settings = settings.map(str::to_owned).to_vec();
    let options = Options { port: Some(port), settings, files, ..Options::default() };
    let Some(server) = Server::start(&options) else { return };
    server.run("CREATE DATABASE store");
    let roots = folder.path().join("ca.pem");
    let try_with = |host: &str, more: &str| {
        let at =
            format!("postgres://burndown@{host}:{port}/store?hostaddr=127.0.0.1&patience=2&{more}");
        store::open(&at).map(drop)
    };
    let trusted = format!("sslrootcert={}", roots.display());
    try_with("db.example.org", "sslmode=require").unwrap();
    try_with("db.example.org", &format!("sslmode=verify-full&{trusted}")).unwrap();
    let other_name = try_with("other.example.org", &format!("sslmode=verify-full&{trusted}"));
    assert!(matches!(other_name, Err(Error::ServerGone { .. })), "{other_name:?}");
    let unknown_root = try_with("db.example.org", "sslmode=verify-full");
    assert!(matches!(unknown_root, Err(Error::ServerGone { .. })), "{unknown_root:?}");
}
