//! The lines that make a binary or a library of check crates: `link!`, `main!` and `agent_library!`.

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

/// Makes a library of checks that the Datadog Agent loads: `Run` and `Version`, as its loader wants them.
///
/// It stands once, in a crate of type `cdylib`, which has all checks of its own and of the crates that it [links](crate::link!).
/// `agent install` lays it down where the Agent looks.
///
/// ```
/// # mod disk_checks {}
/// # mod nginx_check {}
/// allwell::link!(disk_checks, nginx_check);
/// allwell::agent_library!();
/// # fn main() {}
/// ```
#[cfg(all(feature = "agent", unix))]
#[macro_export]
macro_rules! agent_library {
    () => {
        #[cfg(panic = "abort")]
        ::std::compile_error!(
            "a check that panics would end the Agent\nhint: take `panic = \"abort\"` out of the profile"
        );

        $crate::__agent_entry_points!();
    };
}
