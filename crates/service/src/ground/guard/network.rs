//! The kinds of networks that an address may belong to.

use std::net::{IpAddr, Ipv4Addr};

/// A kind of network, by IANA's registries of special-purpose addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    Public,
    /// Private use and shared address space: networks that have servers.
    Private,
    /// Documentation, benchmarks, tunnels, translators, reserved ranges and the like.
    Special,
    Loopback,
    /// "This network", link-local, multicast, broadcast, and the metadata services of clouds.
    Never,
}

impl Network {
    pub fn of(ip: IpAddr) -> Self {
        match canonical(ip) {
            IpAddr::V4(ip) => match ip.octets() {
                [127, ..] => Self::Loopback,
                [0 | 224..=239, ..]
                | [169, 254, ..]
                | [255, 255, 255, 255]
                // Metadata of Alibaba Cloud, Azure and Oracle Cloud.
                | [100, 100, 100, 200]
                | [168, 63, 129, 16]
                | [192, 0, 0, 192] => Self::Never,
                [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => {
                    Self::Private
                }
                [240..=255, ..]
                | [192, 0, 0 | 2, _]
                | [192, 31, 196, _]
                | [192, 52, 193, _]
                | [192, 88, 99, _]
                | [192, 175, 48, _]
                | [198, 18 | 19, ..]
                | [198, 51, 100, _]
                | [203, 0, 113, _] => Self::Special,
                _ => Self::Public,
            },
            IpAddr::V6(ip) => match ip.segments() {
                [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
                [0, 0, 0, 0, 0, 0, ..]
                | [0xfe80..=0xfebf | 0xff00..=0xffff, ..]
                // Metadata of AWS and Google Cloud.
                | [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254]
                | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => Self::Never,
                [0xfc00..=0xfdff, ..] => Self::Private,
                [0x2001, 0..=0x1ff | 0xdb8, ..]
                | [0x2002, ..]
                | [0x2620, 0x4f, 0x8000, ..]
                | [0x3fff, 0..=0xfff, ..] => Self::Special,
                [0x2000..=0x3fff, ..] => Self::Public,
                _ => Self::Special,
            },
        }
    }
}

/// The address that a connection to `ip` reaches: the IPv4 address in a mapped one, and in one of NAT64
/// (RFC 6052).
pub fn canonical(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) if v6.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0] => {
            let [.., a, b, c, d] = v6.octets();
            Ipv4Addr::new(a, b, c, d).into()
        }
        ip => ip,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Network::{Loopback, Never, Private, Public, Special},
        *,
    };

    /// An address of each row of IANA's registries for IPv4 and IPv6, and of others that lead inside.
    const ROWS: &[(Network, &str)] = &[
        (Never, "0.0.0.0 0.1.2.3"),
        (Private, "10.0.0.5"),
        (Private, "100.64.0.1 100.127.255.255"),
        (Loopback, "127.0.0.1 127.255.255.255"),
        (Never, "169.254.0.1 169.254.169.254"),
        (Private, "172.16.0.1 172.31.255.255"),
        // Of 192.0.0.0/24: the block, DS-Lite, the dummy, PCP, TURN, the discovery of NAT64.
        (Special, "192.0.0.255 192.0.0.1 192.0.0.8 192.0.0.9"),
        (Special, "192.0.0.10 192.0.0.170 192.0.0.171"),
        (Special, "192.0.2.1"),
        (Special, "192.31.196.1"),
        (Special, "192.52.193.1"),
        (Special, "192.88.99.1 192.88.99.2"),
        (Private, "192.168.1.1"),
        (Special, "192.175.48.1"),
        (Special, "198.18.0.1 198.19.255.255"),
        (Special, "198.51.100.1"),
        (Special, "203.0.113.1"),
        (Special, "240.0.0.1 255.255.255.254"),
        (Never, "255.255.255.255"),
        (Loopback, "::1"),
        (Never, "::"),
        // Mapped addresses and NAT64 are the IPv4 addresses in them.
        (Loopback, "::ffff:127.0.0.1 64:ff9b::127.0.0.1"),
        (Private, "::ffff:10.0.0.5 64:ff9b::10.0.0.5"),
        (Never, "::ffff:169.254.169.254 64:ff9b::169.254.169.254"),
        (Public, "::ffff:8.8.8.8 64:ff9b::8.8.8.8"),
        (Special, "64:ff9b:1::10.0.0.5"),
        (Special, "100::1"),
        (Special, "100:0:0:1::1"),
        // Of 2001::/23: Teredo, PCP, TURN, DNS-SD, benchmarks, AMT, AS112, both ORCHIDs, drones.
        (Special, "2001::1 2001:1::1 2001:1::2 2001:1::3 2001:2::1"),
        (Special, "2001:3::1 2001:4:112::1 2001:10::1 2001:20::1"),
        (Special, "2001:30::1 2001:1ff:ffff::1"),
        (Special, "2001:db8::1"),
        (Special, "2002:7f00:1::1"),
        (Special, "2620:4f:8000::1"),
        (Special, "3fff::1 3fff:fff::1"),
        (Special, "5f00::1"),
        (Private, "fc00::1 fd00::1"),
        (Never, "fe80::1 febf::1"),
        // Not in the registries: multicast, IPv4-compatible, site-local, metadata, unassigned.
        (Never, "224.0.0.1 239.255.255.255 ff02::1"),
        (Never, "::127.0.0.1"),
        (Special, "fec0::1"),
        (Never, "100.100.100.200 168.63.129.16 192.0.0.192"),
        (Never, "fd00:ec2::254 fd20:ce::254"),
        (Special, "4000::1 e000::1"),
        // The neighbours of the ranges.
        (Public, "1.0.0.1 9.255.255.255 11.0.0.1 100.63.255.255"),
        (Public, "100.128.0.1 126.0.0.1 128.0.0.1 169.253.0.1"),
        (Public, "172.15.255.255 172.32.0.1 192.0.1.1 192.0.3.1"),
        (Public, "192.167.0.1 192.169.0.1 198.17.0.1 198.20.0.1"),
        (Public, "223.255.255.255 2001:200::1 2001:db7::1 2003::1"),
        (Public, "2606:4700::1111 2620:4f:7fff::1 3fff:1000::1"),
    ];

    #[test]
    fn every_row_of_the_registries_has_its_kind() {
        for (kind, addresses) in ROWS {
            for ip in addresses.split(' ') {
                assert_eq!(Network::of(ip.parse().unwrap()), *kind, "{ip}");
            }
        }
    }
}
