//! What is handed out beside the program names only what is there. Docker is not run.

use yaml_rust2::{Yaml, YamlLoader};

use crate::program::{BINARY, command, finish};
use crate::samples::Workspace;

const COMPOSE: &str = include_str!("../../../../packaging/compose.yaml");
const MANUAL: &str = include_str!("../../../../docs/postgres.md");
const SURROUNDINGS: &str = include_str!("../../src/surroundings.rs");

/// A member of a mapping; one of what it is merged with where it has none of its own.
fn member<'y>(mapping: &'y Yaml, name: &str) -> &'y Yaml {
    match &mapping[name] {
        Yaml::BadValue => &mapping["<<"][name],
        found => found,
    }
}

fn texts(list: &Yaml) -> Vec<String> {
    let texts = list.as_vec().map(|list| list.iter().map(|item| item.as_str().unwrap().to_owned()));
    texts.map_or_else(Vec::new, Iterator::collect)
}

fn names(mapping: &Yaml) -> Vec<String> {
    let names = mapping.as_hash().unwrap().keys();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

fn compose() -> Yaml {
    YamlLoader::load_from_str(COMPOSE).unwrap().remove(0)
}

/// Every option is one of the program, every variable is one that it reads and the manual knows.
#[test]
fn nodes_in_containers_are_started_with_what_there_is() {
    let (compose, here) = (compose(), Workspace::empty());
    for node in ["node-1", "node-2"] {
        let service = &compose["services"][node];
        let mut line = texts(member(service, "entrypoint"));
        assert_eq!(line.remove(0), "burndown");
        line.extend(texts(member(service, "command")));
        let environment = member(service, "environment");
        let mut asked = command(BINARY, &here.path);
        // Read in order, so that what is wrong is named before the help is shown.
        let help = finish(asked.args(&line).arg("--help"));
        assert_eq!(help.code, 0, "{line:?}: {}", help.err);
        for name in names(environment) {
            assert!(SURROUNDINGS.contains(&format!("(\"{name}\")")), "{name} is not read");
            assert!(MANUAL.contains(&name), "{name} is not in docs/postgres.md");
        }
        let store = environment["BURNDOWN_STORE"].as_str().unwrap();
        // The host is one of the network of the containers, so that it is not found here.
        let known = format!("{store}&connections=2&patience=1");
        let known = known.replacen("database/", "database.invalid/", 1);
        let ended = finish(command(BINARY, &here.path).args(["profiles", "--store", &known]));
        ended.failed(1, &["cannot be used"]);
        for option in store.split_once('?').map_or("", |(_, options)| options).split('&') {
            let name = option.split('=').next().unwrap();
            assert!(MANUAL.contains(&format!("| `{name}=")), "{name} is not in docs/postgres.md");
        }
    }
}

/// What one part of the file names, another one makes.
#[test]
fn services_volumes_and_secrets_are_those_of_the_file() {
    let compose = compose();
    let (services, volumes, secrets) =
        (names(&compose["services"]), names(&compose["volumes"]), names(&compose["secrets"]));
    for name in &services {
        let service = &compose["services"][name.as_str()];
        assert!(!member(service, "image").is_badvalue(), "{name} has no image");
        for secret in texts(member(service, "secrets")) {
            assert!(secrets.contains(&secret), "{name}: {secret}");
        }
        for volume in texts(member(service, "volumes")) {
            let source = volume.split(':').next().unwrap();
            let is_path = source.starts_with(['.', '/']);
            assert!(is_path || volumes.iter().any(|known| known == source), "{name}: {source}");
        }
        if let Some(before) = member(service, "depends_on").as_hash() {
            for name in before.keys().filter_map(Yaml::as_str) {
                assert!(services.iter().any(|known| known == name), "{name}");
                assert!(!compose["services"][name]["healthcheck"].is_badvalue(), "{name}");
            }
        }
    }
    for place in COMPOSE.split("/run/secrets/").skip(1) {
        let name = place.split([' ', ',', '\n', ']']).next().unwrap();
        assert!(secrets.iter().any(|known| known == name), "{name} is no secret");
    }
    let proxied = compose["services"]["proxy"]["command"].as_str().unwrap();
    for place in proxied.split("--to ").skip(1) {
        let name = place.split(':').next().unwrap();
        assert!(services.iter().any(|known| known == name), "{name} is no service");
    }
}
