//! What a reader of legacy files noticed: the closed list of `docs/migration.md`.

/// One thing that was odd, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Dotted JSON path in the file; empty for the whole file.
    pub path: String,
    /// What it is.
    pub kind: FindingKind,
    /// What was done, for people. Never holds a secret.
    pub note: String,
}

impl Finding {
    /// A finding at `path`.
    pub fn new(path: impl Into<String>, kind: FindingKind, note: impl Into<String>) -> Finding {
        Finding { path: path.into(), kind, note: note.into() }
    }
}

macro_rules! kinds {
    ($($(#[doc = $meaning:literal])* $kind:ident = $code:literal, $normalises:literal;)*) => {
        /// The closed list of oddities. Nothing else may differ between a file and the database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingKind { $($(#[doc = $meaning])* $kind,)* }

        impl FindingKind {
            /// All of them.
            pub const ALL: &[FindingKind] = &[$(Self::$kind,)*];

            /// The code in reports and docs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$kind => $code,)* }
            }

            /// What it is and what was done about it, as a sentence for people.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$kind => concat!($($meaning),*).trim_ascii(),)* }
            }

            /// The kind of that code.
            pub fn parse(code: &str) -> Option<FindingKind> {
                Self::ALL.iter().copied().find(|kind| kind.code() == code)
            }

            /// Whether the database holds something else than the file at that path.
            pub fn normalises(self) -> bool {
                match self { $(Self::$kind => $normalises,)* }
            }
        }
    };
}

kinds! {
    /// A secret was taken out; it lives in the secret file.
    SecretRemoved = "secret-removed", true;
    /// A name broke the rules (control characters, length, lone surrogate) and was repaired.
    NameRepaired = "name-repaired", true;
    /// Another profile has the name; a number was added.
    NameNumbered = "name-numbered", true;
    /// The name in the file went through cp1252; the registry's good one was taken.
    NameUnmangled = "name-unmangled", true;
    /// The name looks as if it went through cp1252; nothing better is known, it was kept.
    NameMangled = "name-mangled", false;
    /// A name, description or time was missing and comes from elsewhere.
    FilledIn = "filled-in", true;
    /// The id inside the file is not the folder's name; the folder's name counts.
    IdMismatch = "id-mismatch", true;
    /// A value of an unambiguous other type was converted.
    Coerced = "coerced", true;
    /// A value of an impossible type was left out; the backup holds it.
    WrongType = "wrong-type", true;
    /// `null` where text belongs was read as absent.
    NullText = "null-text", true;
    /// A setting of an older layout moved to its place in the newer one.
    Moved = "moved", true;
    /// A setting that another file says better was not taken.
    Overridden = "overridden", true;
    /// A group of settings has an impossible type: kept as it is, defaults are used.
    OddSetting = "odd-setting", false;
    /// A text names no point in time; the text was kept.
    UnreadableTime = "unreadable-time", false;
    /// A time without an offset was taken as local time; the text was kept.
    ZoneAssumed = "zone-assumed", false;
    /// A member that nobody knows was kept as it is.
    UnknownMember = "unknown-member", false;
    /// Members of one object had the same name; the last one counts.
    RepeatedMember = "repeated-member", true;
    /// Records of one collection had the same key; the last one counts, earlier ones are in quarantine.
    RepeatedRecord = "repeated-record", true;
    /// Bare `NaN` or infinities: kept as they are, without a typed value.
    NonFinite = "non-finite", false;
    /// Half of a surrogate pair: kept in documents, U+FFFD in names.
    LoneSurrogate = "lone-surrogate", true;
    /// A number beyond every machine type: its text was kept.
    WideNumber = "wide-number", false;
    /// Comments or trailing commas of a hand edit were passed over.
    HandEdit = "hand-edit", false;
    /// Raw control characters inside a text were read as escapes.
    ControlCharacter = "control-character", false;
    /// Nesting beyond what pages show: kept as it is.
    DeepNesting = "deep-nesting", false;
    /// A byte-order mark or UTF-16 was converted.
    Encoding = "encoding", false;
    /// Bytes that are not UTF-8 were read as cp1252.
    Cp1252 = "cp1252", true;
    /// The file ends or breaks in the middle; what is complete before that was taken.
    Cut = "cut", true;
    /// Part of the file cannot be read; what stands before and after was taken.
    Gap = "gap", true;
    /// The file holds nothing that can be read; it is in quarantine.
    Unreadable = "unreadable", true;
    /// A record cannot be read; it is in quarantine.
    BadRecord = "bad-record", true;
    /// Text after the end of the value was passed over; the file is in quarantine.
    TrailingText = "trailing-text", true;
    /// A week label was brought into its ISO form.
    WeekLabel = "week-label", true;
    /// A week without any metric holds nothing to carry.
    EmptyWeek = "empty-week", true;
    /// A row of statistics has no day that can be read; it was kept as it is.
    UndatedRow = "undated-row", false;
    /// Rows of statistics share a day; all were kept.
    RepeatedDay = "repeated-day", false;
    /// A row of statistics holds values that cannot be counted; it was kept as it is.
    OddRow = "odd-row", false;
    /// The count that the file tells is not the number of its records.
    WrongCount = "wrong-count", false;
    /// A registry entry is a stale copy of its profile.
    StaleRegistry = "stale-registry", true;
    /// The registry knows something that has no folder.
    NoFolder = "no-folder", true;
    /// A folder that the registry does not know was taken.
    NotInRegistry = "not-in-registry", false;
    /// The active selection pointed nowhere; the most recently used one was taken.
    DanglingSelection = "dangling-selection", true;
    /// An id cannot be a name of a folder; it was left out.
    UnsafeId = "unsafe-id", true;
    /// A left-over temporary file was passed over because the real one is good.
    StaleTemporary = "stale-temporary", true;
    /// The real file is missing or damaged; a left-over temporary one was taken.
    TemporaryTaken = "temporary-taken", false;
    /// A symbolic link or special file was not followed.
    NotAFile = "not-a-file", true;
    /// A copy of a query that an import of the old app left behind, without data.
    GhostQuery = "ghost-query", false;
    /// The file is a copy of data that was migrated from its real place.
    OlderCopy = "older-copy", true;
    /// Nothing is taken from a file of this kind; it is in the backup.
    NotRead = "not-read", false;
    /// A database stands here from which nothing was taken.
    OtherDatabase = "other-database", false;
    /// A cell holds something else than its column promises; it was kept aside, its row was taken.
    BadCell = "bad-cell", true;
    /// A row was not carried; it is in the backup, and in quarantine where it could be data.
    KeptAside = "kept-aside", true;
    /// A table of the old app's database is not there.
    MissingTable = "missing-table", false;
    /// The database says that it is of a later form than is known; what is known of it was read.
    NewerForm = "newer-form", false;
    /// A log beside the database belongs to another; the newest changes may be missing.
    LogLeftOut = "log-left-out", true;
    /// The old app wrote to its database after it was copied: `burndown migrate --again` takes that too.
    WrittenLater = "written-later", false;
    /// Rows belong to a query or profile that is not there; one was made for them.
    Recovered = "recovered", true;
    /// An id cannot be one here; it was changed.
    IdChanged = "id-changed", true;
    /// Status changes that the old app's database had dropped were added from its backup.
    FromBackup = "from-backup", true;
    /// Jira's category of a status is not stored with the query; it was derived.
    DerivedCategory = "derived-category", true;
    /// A fetch of everything did not bring this issue any more; it was kept, a sync tells.
    MayHaveLeft = "may-have-left", false;
    /// The stored scope was calculated from a delta fetch: it was kept, its sums are not shown.
    ScopeOfDelta = "scope-of-delta-fetch", false;
    /// No history is stored; a sync fetches them.
    NoHistory = "no-history", false;
}
