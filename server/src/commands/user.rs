//! `reelroom user add|passwd|reset-second-factor|list`.

use super::line::minute;
use crate::config::Config;
use anyhow::{Context, bail};
use reelroom_domain::user::Role;
use reelroom_service::Service;
use std::io::{BufRead, IsTerminal, Write};

/// The actions on accounts.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Make an account
    Add {
        /// Its sign-in name
        name: String,
        /// viewer (looks, plays, downloads), auditor (looks and reads the history; plays and downloads only in rooms
        /// that an administrator grants), operator (records too) or admin (settings too)
        #[arg(long, value_name = "ROLE", default_value = "operator", value_parser = role)]
        role: Role,
        /// Read the password from the first line of standard input, without a prompt
        #[arg(long)]
        password_stdin: bool,
    },
    /// Change the password of an account and end its sessions
    Passwd {
        /// Its sign-in name
        name: String,
        /// Read the password from the first line of standard input, without a prompt
        #[arg(long)]
        password_stdin: bool,
    },
    /// Remove the second factor of an account with its recovery codes, and end its sessions: for an administrator
    /// who has lost both, and whom nobody else can help
    ResetSecondFactor {
        /// Its sign-in name
        name: String,
    },
    /// List the accounts: name, role, since when (UTC)
    List,
}

impl Command {
    /// Whether it makes the data that it needs: the first account may be made before the first start.
    pub(super) const fn makes_data(&self) -> bool {
        matches!(self, Self::Add { .. })
    }
}

/// Performs the action and prints its result.
pub(super) async fn run(config: Config, command: Command) -> anyhow::Result<()> {
    // Before the database is opened, since typing takes time.
    let password = match &command {
        Command::Add { password_stdin, .. } | Command::Passwd { password_stdin, .. } => {
            ask(*password_stdin)?
        }
        Command::ResetSecondFactor { .. } | Command::List => String::new(),
    };
    let service = Service::connect(crate::serve::service_config(&config)).await?;
    match command {
        Command::Add { name, role, .. } => {
            service.add_user(&name, &password, role).await?;
            println!("{name} may sign in as {}", role.as_str());
        }
        Command::Passwd { name, .. } => {
            service.set_password(&name, &password).await?;
            println!("{name} has another password; open sessions have ended");
        }
        Command::ResetSecondFactor { name } => {
            service.reset_second_factor_of(&name).await?;
            println!("{name} signs in without a second factor; open sessions have ended");
        }
        Command::List => {
            for user in service.users().await? {
                let since = minute(user.created_at);
                println!("{}\t{}\t{since}", user.name, user.role.as_str());
            }
        }
    }
    service.close().await;
    Ok(())
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "viewer, auditor, operator or admin".to_owned())
}

/// The password: from a person (twice, unseen) or from a pipe.
fn ask(from_stdin: bool) -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if !from_stdin && stdin.is_terminal() {
        let prompt =
            |text: &str| rpassword::prompt_password(text).context("cannot ask for a password");
        let (first, again) = (prompt("Password: ")?, prompt("Once more: ")?);
        if first != again {
            bail!("the two passwords differ; nothing was changed");
        }
        return Ok(first);
    }
    std::io::stdout().flush()?;
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .context("cannot read the password")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password came on standard input; nothing was changed");
    }
    Ok(password.to_owned())
}
