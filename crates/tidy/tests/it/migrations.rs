//! Schema steps that were handed out are never edited: users' databases already took them.

use model::hash::{FNV_BASIS, fnv1a};
use tidy::{files_under, read};

use crate::assert_none;

/// Every step with the hash of its text. A new step adds a line; an old line never changes.
const FROZEN: [(&str, u64); 22] = [
    ("crates/store/migrations/postgres/0001_nouns.sql", 0x35db_3e03_a20b_088b),
    ("crates/store/migrations/postgres/0002_sync.sql", 0xed97_eb5c_b68a_767d),
    ("crates/store/migrations/postgres/0003_facts.sql", 0xb321_86ff_17d4_b013),
    ("crates/store/migrations/postgres/0004_checks.sql", 0xf592_8111_372d_08a1),
    ("crates/store/migrations/postgres/0005_access_keys.sql", 0x962a_2e88_5e1b_8178),
    ("crates/store/migrations/postgres/0006_deliveries.sql", 0x7245_30ce_678c_5e9f),
    ("crates/store/migrations/postgres/0007_membership_checks.sql", 0xc2ff_779d_f28a_2ab5),
    ("crates/store/migrations/postgres/0008_type_ids.sql", 0xc549_ad35_6ef2_cb40),
    ("crates/store/migrations/postgres/0009_epic_links.sql", 0xf4ef_177f_235f_7be6),
    ("crates/store/migrations/postgres/0010_trash.sql", 0xbd27_e1c0_6695_eff0),
    ("crates/store/migrations/postgres/0011_issue_facts.sql", 0x4e3b_b706_59de_9ab3),
    ("crates/store/migrations/sqlite/0001_nouns.sql", 0x69a9_a89e_ae10_6b68),
    ("crates/store/migrations/sqlite/0002_sync.sql", 0x2ee4_a98b_0f96_7688),
    ("crates/store/migrations/sqlite/0003_facts.sql", 0x9ae3_d7d5_15c4_da6d),
    ("crates/store/migrations/sqlite/0004_checks.sql", 0xe53c_4aae_a393_1a11),
    ("crates/store/migrations/sqlite/0005_access_keys.sql", 0x204f_39fc_900c_df82),
    ("crates/store/migrations/sqlite/0006_deliveries.sql", 0x0308_e318_797b_e908),
    ("crates/store/migrations/sqlite/0007_membership_checks.sql", 0x80d2_38d8_c032_2b0a),
    ("crates/store/migrations/sqlite/0008_type_ids.sql", 0xf121_cc47_4b26_ef68),
    ("crates/store/migrations/sqlite/0009_epic_links.sql", 0xf4ef_177f_235f_7be6),
    ("crates/store/migrations/sqlite/0010_trash.sql", 0x6507_f4ce_b08c_aea6),
    ("crates/store/migrations/sqlite/0011_issue_facts.sql", 0xacb7_fbb0_0931_526f),
];

#[test]
fn schema_steps_are_frozen() {
    let mut wrong = Vec::new();
    let steps = files_under("crates/store/migrations").unwrap();
    for path in &steps {
        let text = read(path).unwrap().replace("\r\n", "\n");
        let found = fnv1a(FNV_BASIS, text.as_bytes());
        let known = FROZEN.iter().find(|(name, _)| name == path).map(|(_, hash)| *hash);
        if known != Some(found) {
            wrong.push(format!("{path} is {found:#x}, frozen as {known:x?}"));
        }
    }
    let gone = FROZEN.iter().filter(|(name, _)| !steps.iter().any(|path| path == name));
    wrong.extend(gone.map(|(name, _)| format!("{name} is gone")));
    assert_none("a change of the schema is a new step", &wrong);
}

#[test]
fn every_step_is_one_of_both_databases() {
    let steps = files_under("crates/store/migrations").unwrap();
    let twin = |path: &String| match path.contains("/sqlite/") {
        true => path.replace("/sqlite/", "/postgres/"),
        false => path.replace("/postgres/", "/sqlite/"),
    };
    let alone: Vec<String> = steps
        .iter()
        .filter(|path| !steps.contains(&twin(path)))
        .map(|path| format!("{path} has no {}", twin(path)))
        .collect();
    assert_none("a step of the schema is taken by SQLite and PostgreSQL", &alone);
}
