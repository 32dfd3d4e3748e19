//! The two lines that make a binary of check crates: `link!` and `main!`.

/// Links crates of checks into this binary.
///
/// A crate that nothing names is not linked, and registers nothing; a crate that is named here and registers nothing is
/// reported at start.
///
/// ```
/// # mod disk_checks {}
/// # mod nginx_check {}
/// allwell::link!(disk_checks, nginx_check);
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! link {
    ($($krate:ident),+ $(,)?) => {$(
        #[allow(unused_imports)]
        use $krate as _;

        $crate::__private::inventory::submit! {
            $crate::__private::Linked {
                krate: $crate::__private::stringify!($krate),
                location: $crate::__private::Location {
                    file: $crate::__private::file!(),
                    line: $crate::__private::line!(),
                    column: $crate::__private::column!(),
                },
            }
        }
    )+};
}

/// The `main` function of a binary of checks: the command line of [`cli`](crate::cli).
///
/// ```
/// allwell::main!();
/// ```
#[cfg(feature = "cli")]
#[macro_export]
macro_rules! main {
    () => {
        fn main() -> ::std::process::ExitCode {
            $crate::cli::main()
        }
    };
}
