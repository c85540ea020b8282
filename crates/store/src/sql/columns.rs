//! The columns of a table or of a read, listed once: statements, parameters and places in a row all
//! come from the list, so that none can be in another order than the others.

/// `table`: a module with `Row`, to be filled by name (a column left out does not compile), `UPSERT`
/// that takes the values of a `Row`, `COLUMNS` in their order, `SELECT` of all columns and the place of each in it. `key` tells
/// rows apart, `once` is written by an insert only, `set` by both.
///
/// `select`: a module with `SELECT` of the columns or expressions and the place of each.
macro_rules! columns {
    (
        table $table:ident;
        key $key:ident $(, $keys:ident)*;
        $(once $($once:ident),+;)?
        set $set:ident $(, $sets:ident)*;
    ) => {
        #[doc = concat!("The table `", stringify!($table), "`.")]
        #[allow(non_upper_case_globals, non_camel_case_types, dead_code)]
        mod $table {
            use $crate::sql::driver::Value;

            enum Place { $key, $($keys,)* $($($once,)+)? $set, $($sets,)* Count }

            pub const $key: usize = Place::$key as usize;
            $(pub const $keys: usize = Place::$keys as usize;)*
            $($(pub const $once: usize = Place::$once as usize;)+)?
            pub const $set: usize = Place::$set as usize;
            $(pub const $sets: usize = Place::$sets as usize;)*

            /// One value for every column.
            pub struct Row<'v> {
                pub $key: Value<'v>,
                $(pub $keys: Value<'v>,)*
                $($(pub $once: Value<'v>,)+)?
                pub $set: Value<'v>,
                $(pub $sets: Value<'v>,)*
            }

            impl<'v> Row<'v> {
                /// The parameters of `UPSERT`.
                pub fn values(self) -> [Value<'v>; Place::Count as usize] {
                    [
                        self.$key, $(self.$keys,)* $($(self.$once,)+)?
                        self.$set, $(self.$sets,)*
                    ]
                }
            }

            /// The columns in the order of the parameters.
            pub const COLUMNS: &str = concat!(
                stringify!($key), $(", ", stringify!($keys),)* $($(", ", stringify!($once),)+)?
                ", ", stringify!($set), $(", ", stringify!($sets),)*
            );

            /// Inserts a row, or replaces the one with the same key.
            pub const UPSERT: &str = concat!(
                "INSERT INTO ", stringify!($table), " (",
                stringify!($key), $(", ", stringify!($keys),)* $($(", ", stringify!($once),)+)?
                ", ", stringify!($set), $(", ", stringify!($sets),)*
                ") VALUES (?", $(columns!(@parameter $keys),)*
                $($(columns!(@parameter $once),)+)?
                columns!(@parameter $set), $(columns!(@parameter $sets),)*
                ") ON CONFLICT (", stringify!($key), $(", ", stringify!($keys),)*
                ") DO UPDATE SET ", stringify!($set), " = excluded.", stringify!($set),
                $(", ", stringify!($sets), " = excluded.", stringify!($sets),)*
                " "
            );

            pub const SELECT: &str = concat!(
                "SELECT ", stringify!($key), $(", ", stringify!($keys),)*
                $($(", ", stringify!($once),)+)?
                ", ", stringify!($set), $(", ", stringify!($sets),)*
                " FROM ", stringify!($table), " "
            );
        }
    };
    (select $module:ident; $first:ident $(= $first_is:literal)? $(, $name:ident $(= $is:literal)?)*;) => {
        #[allow(non_upper_case_globals, non_camel_case_types)]
        mod $module {
            enum Place { $first, $($name),* }

            pub const $first: usize = Place::$first as usize;
            $(pub const $name: usize = Place::$name as usize;)*

            pub const SELECT: &str = concat!(
                "SELECT ", columns!(@expression $first $($first_is)?),
                $(", ", columns!(@expression $name $($is)?),)*
                " "
            );
        }
    };
    (@parameter $column:ident) => { ", ?" };
    (@expression $name:ident) => { stringify!($name) };
    (@expression $name:ident $is:literal) => { concat!($is, " AS ", stringify!($name)) };
}

/// A statement of two parts.
macro_rules! statement {
    ($head:expr, $tail:expr) => {{
        const TEXT: [u8; { $head.len() + $tail.len() }] =
            $crate::sql::columns::joined($head, $tail);
        match str::from_utf8(&TEXT) {
            Ok(text) => text,
            Err(_) => "",
        }
    }};
}

/// Two texts as one.
pub(super) const fn joined<const BYTES: usize>(head: &str, tail: &str) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (first, second) = bytes.split_at_mut(head.len());
    first.copy_from_slice(head.as_bytes());
    second.copy_from_slice(tail.as_bytes());
    bytes
}
