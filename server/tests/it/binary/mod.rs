//! The built binary as a child process, and a minimal HTTP client.

use std::{
    fs::OpenOptions,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use reelroom_store::DatabaseUrl;

pub const SECRET: &str = "a-secret-that-no-log-may-show";

/// `reelroom serve` as a child process, on a free port.
pub struct Server {
    child: Child,
    /// Kept open, as a closed pipe would end the process.
    stdout: BufReader<ChildStdout>,
    /// Process id of the server. Under `strace` it is not that of `child`.
    process: u32,
    pub address: String,
}

impl Server {
    pub fn start(folder: &Path, database: &DatabaseUrl, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reelroom"));
        command.envs(variables.iter().copied());
        Self::run(command, folder, database)
    }

    /// Starts with these soft and hard limits of open files.
    pub fn limited(folder: &Path, database: &DatabaseUrl, soft: usize, hard: usize) -> Self {
        let script = format!("ulimit -Sn {soft} && ulimit -Hn {hard} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_reelroom")]);
        Self::run(command, folder, database)
    }

    /// Starts under `strace`, which writes the system calls `calls` with their file names to `trace`.
    pub fn traced(
        folder: &Path,
        database: &DatabaseUrl,
        variables: &[(&str, &str)],
        calls: &str,
        trace: &Path,
    ) -> Self {
        let mut command = Command::new("strace");
        // A page of a database is shown as a whole.
        command
            .args(["-f", "-y", "-qq", "-s", "5000", "-e", "signal=none", "-e"])
            .arg(format!("trace={calls}"))
            .arg("-o")
            .arg(trace)
            .arg(env!("CARGO_BIN_EXE_reelroom"))
            .envs(variables.iter().copied());
        Self::run(command, folder, database)
    }

    fn run(mut command: Command, folder: &Path, database: &DatabaseUrl) -> Self {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("log"))
            .unwrap();
        let url = match database {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url.to_string(),
        };
        let mut child = command
            .arg("serve")
            .env("REELROOM_LISTEN", "127.0.0.1:0")
            .env("REELROOM_DATA_DIR", folder)
            .env("REELROOM_DATABASE_URL", url)
            .env("REELROOM_CALLBACK_SECRET", SECRET)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut lines = stdout.by_ref().lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with("Reelroom"));
        let line = line.unwrap_or_else(|| {
            let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
            panic!("it did not start: {log}")
        });
        let address = line.split("http://").nth(1).unwrap().trim().to_owned();
        let process = first_child(child.id()).unwrap_or(child.id());
        Self {
            child,
            stdout,
            process,
            address,
        }
    }

    /// Reads the next line that starts with `beginning`.
    pub fn line(&mut self, beginning: &str) -> String {
        let mut lines = self.stdout.by_ref().lines().map_while(Result::ok);
        let line = lines.find(|line| line.starts_with(beginning));
        line.unwrap_or_else(|| panic!("{beginning}: not printed"))
    }

    /// Sends SIGKILL, and waits for the end.
    pub fn kill(&mut self) {
        if self.process == self.child.id() {
            self.child.kill().unwrap();
        } else {
            // `strace` ends with the process it traces.
            let killed = Command::new("kill")
                .args(["-9", &self.process.to_string()])
                .status();
            killed.unwrap();
        }
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM, and waits for a successful exit.
    pub fn end(&mut self) {
        let signalled = Command::new("kill").arg(self.process.to_string()).status();
        signalled.unwrap();
        assert!(self.child.wait().unwrap().success());
    }

    pub fn id(&self) -> u32 {
        self.process
    }

    pub fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Process id of the first child of `parent`.
fn first_child(parent: u32) -> Option<u32> {
    let children = format!("/proc/{parent}/task/{parent}/children");
    std::fs::read_to_string(children)
        .ok()?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// A client with one keep-alive connection.
pub struct Caller(TcpStream);

impl Caller {
    pub fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self(stream))
    }

    /// Posts a callback with the secret. Returns the status.
    pub fn post(&mut self, what: &str, body: &[u8]) -> io::Result<u16> {
        self.post_to(&format!("/{SECRET}/AR/V1/{what}"), body)
    }

    pub fn post_to(&mut self, path: &str, body: &[u8]) -> io::Result<u16> {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.0.write_all(&request)?;
        self.read_status()
    }

    fn read_status(&mut self) -> io::Result<u16> {
        let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (mut got, mut some) = (Vec::new(), [0; 4096]);
        loop {
            let many = self.0.read(&mut some)?;
            if many == 0 {
                return Err(broken());
            }
            got.extend_from_slice(&some[..many]);
            let text = String::from_utf8_lossy(&got);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap_or(0));
            if body.len() >= length {
                let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
                return status.ok_or_else(broken);
            }
        }
    }
}
