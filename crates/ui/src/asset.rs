//! Style sheet, script and icon, compiled in and named by what they hold.

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// Its file name.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What it holds.
    pub text: &'static str,
}

/// The style sheet.
pub const STYLE: Asset = Asset {
    name: "app.css",
    media_type: "text/css; charset=utf-8",
    text: include_str!("../asset/app.css"),
};

/// The script: keys and pickers. Every page reads without it.
pub const SCRIPT: Asset = Asset {
    name: "app.js",
    media_type: "text/javascript; charset=utf-8",
    text: include_str!("../asset/app.js"),
};

/// The icon.
pub const ICON: Asset = Asset {
    name: "icon.svg",
    media_type: "image/svg+xml",
    text: include_str!("../asset/icon.svg"),
};

/// All of them.
pub const ALL: [&Asset; 3] = [&STYLE, &SCRIPT, &ICON];

impl Asset {
    /// Its path on the server; another text has another path, so answers may be kept for ever.
    pub fn path(&self) -> String {
        format!("/assets/{:016x}/{}", fnv1a(self.text.as_bytes()), self.name)
    }
}

/// The asset at `path`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ALL.into_iter().find(|asset| asset.path() == path)
}

fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_back() {
        for asset in ALL {
            assert_eq!(find(&asset.path()).map(|found| found.name), Some(asset.name));
        }
        assert!(find("/assets/0000000000000000/app.css").is_none());
    }
}
