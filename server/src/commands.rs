//! The command line: commands, options, exit codes.

mod backup;
mod demo;
mod doctor;
mod line;
mod migrate;
mod rebuild;
mod restore;
mod sandbox;
mod user;

use crate::config::{Config, ConfigError, Options};
use clap::{Parser, Subcommand};
use rustix::fs::Mode;
use std::process::ExitCode;

/// The options or the arguments cannot be used.
const EXIT_USAGE: u8 = 2;

/// The recording desk for meetings on the anyRTC platform
#[derive(Parser)]
#[command(name = "reelroom", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and accept callbacks (the default)
    Serve,
    /// Run the emulated platform alone
    Sandbox(Box<sandbox::Args>),
    /// Accounts of this server
    #[command(subcommand)]
    User(user::Command),
    /// Migrate the database's schema (`serve` does so, too)
    Migrate,
    /// Back up the database and the list of the storage, while the server runs
    Backup(backup::Args),
    /// Bring a backup back into an empty place, and check it against the storage
    Restore(restore::Args),
    /// Make a library of the storage alone, of the descriptions beside its copies
    Rebuild(rebuild::Args),
    /// Fill an empty database with recordings that are made up, for trying and for screenshots
    Demo(demo::Args),
    /// Check the folder, the database, the storage and the settings; exit with 1 if a check fails
    Doctor(doctor::Args),
}

/// Runs the command of the arguments. An error is one line on standard error.
pub async fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            eprintln!(
                "reelroom: {}; see `reelroom --help`",
                in_one_line(&error.to_string())
            );
            return ExitCode::from(EXIT_USAGE);
        }
        // `--help` and `--version` are errors for clap, too.
        Err(message) => {
            return if message.print().is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
    };
    // New files are for this user only: 600, folders 700.
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
    let command = cli.command.unwrap_or(Command::Serve);
    let config = match prepare(cli.options, &command).await {
        Ok(config) => config,
        Err(error) => {
            eprintln!("reelroom: {error}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    let default = match command {
        Command::Serve | Command::Sandbox(_) => "info,sqlx=warn",
        // Some statements of commands are slow, which is no news.
        _ => "warn,sqlx=error",
    };
    crate::log::to_stderr(default, config.log_format);
    let done = match command {
        Command::Serve => crate::serve(config).await,
        Command::Sandbox(args) => sandbox::run(&config, *args).await,
        Command::User(command) => user::run(config, command).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Backup(args) => backup::run(&config, &args).await,
        Command::Restore(args) => restore::run(&config, &args).await,
        Command::Rebuild(args) => rebuild::run(&config, &args).await,
        Command::Demo(args) => demo::run(&config, &args).await,
        Command::Doctor(args) => doctor::run(&config, &args).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reelroom: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The configuration, and the data folder as the command needs it.
async fn prepare(options: Options, command: &Command) -> Result<Config, ConfigError> {
    let config = Config::from_options(options)?;
    match command {
        // They say themselves what is not there.
        Command::Doctor(_) | Command::Backup(_) => {}
        Command::User(command) if !command.makes_data() => config.require_data().await?,
        _ => config.prepare_data_dir()?,
    }
    Ok(config)
}

/// The first paragraph of clap's message, without its heading; usage and tips are in `--help`.
fn in_one_line(message: &str) -> String {
    let first = message.split("\n\n").next().unwrap_or_default();
    let line = first.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_explains_each_option_with_its_default() {
        let help = Cli::command()
            .term_width(100)
            .render_long_help()
            .to_string();
        insta::assert_snapshot!(help);
    }

    #[test]
    fn options_go_before_and_after_a_command() {
        for line in [
            "reelroom --listen x user list",
            "reelroom user list --listen x",
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.options.listen.as_deref(), Some("x"), "{line}");
        }
    }

    #[test]
    fn a_wrong_argument_is_one_line() {
        let cases = "reelroom --lisen x => unexpected argument '--lisen' found
            reelroom user add => the following required arguments were not provided: <NAME>
            reelroom rebuild => the following required arguments were not provided: --from-storage
            reelroom sevre => unrecognized subcommand 'sevre'
            reelroom --listen => a value is required for '--listen <ADDRESS>' but none was supplied";
        for case in cases.lines() {
            let (line, expected) = case.trim().split_once(" => ").unwrap();
            let error = Cli::try_parse_from(line.split(' ')).err().unwrap();
            assert_eq!(in_one_line(&error.to_string()), expected);
        }
    }

    #[test]
    fn the_sandbox_is_a_switch_that_can_be_turned_off() {
        for (line, on) in [
            ("reelroom --sandbox", Some(true)),
            ("reelroom --sandbox=off", Some(false)),
            ("reelroom --sandbox serve", Some(true)),
            ("reelroom", None),
        ] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(cli.options.sandbox, on, "{line}");
        }
    }
}
