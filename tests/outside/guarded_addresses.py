"""The addresses of the guard's table: as a name server may give them, and as a link may write them."""

REFUSED_BY_ADDRESS = {
    "loopback": ("127.0.0.1", "127.0.0.53", "127.255.255.254", "::1"),
    "this network": ("0.0.0.0", "0.1.2.3", "::"),
    "private": ("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fdab::1"),
    "metadata of clouds": ("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
    "link-local": ("169.254.0.1", "fe80::1", "fe80::1%lo"),
    "site-local": ("fec0::1", "feff::1"),
    "shared by a carrier": ("100.64.0.1", "100.127.255.255"),
    "benchmarking": ("198.18.0.1", "198.19.255.255", "2001:2::1"),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1", "3fff:fff::1"),
    "multicast": ("224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"),
    "reserved, broadcast": ("240.0.0.1", "255.255.255.255", "4000::1", "8000::1"),
    "protocol assignments": ("192.0.0.1", "192.0.0.170", "2001:10::1", "2001:20::1"),
    "6to4 relay": ("192.88.99.1", "192.88.99.255"),
    "segment routing, discard": ("5f00::1", "100::1"),
    "IPv4-mapped": ("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::ffff:0:127.0.0.1"),
    "IPv4-compatible": ("::127.0.0.1", "::10.0.0.1", "::a9fe:a9fe", "::93.184.215.14"),
    "6to4 of": ("2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "2002:c0a8:101::1"),
    "NAT64 of": ("64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::127.0.0.1", "64:ff9b:1:ffff::5db8:d70e"),
    "Teredo": ("2001::1", "2001:0:53aa:64c:0:fbfe:80ff:fffe"),
    "ISATAP of": ("2a00:1450::5efe:10.0.0.1", "2a00:1450::200:5efe:127.0.0.1"),
    "not an IP address": ("", "localhost", "127.1", "1.2.3.4.5", "::g"),
}  # fmt: skip

ALLOWED_BY_ADDRESS = (
    "93.184.215.14", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "223.255.255.255",
    "198.17.255.255", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4007:80e::200e", "64:ff9b::5db8:d70e",
    "::ffff:93.184.215.14",
)  # fmt: skip

REFUSED_AS_WRITTEN = {
    "another scheme": (
        "file:///etc/passwd", "ftp://salle.example/", "gopher://salle.example:80/_x", "javascript:alert(1)",
        "data:text/html,x", "ws://salle.example/", "//salle.example/", "salle.example/", "dict://127.0.0.1:11211/",
        "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "unix:/var/run/docker.sock",
    ),
    "another port": (
        "http://salle.example:8080/", "https://salle.example:22/", "http://salle.example:0/", "http://salle.example:65536/",
        "http://salle.example:-80/", "http://salle.example:5432/", "http://salle.example:80:80/",
    ),
    "credentials": (
        "http://me:secret@salle.example/", "https://me@salle.example/", "http://@salle.example/", "http://salle.example@127.0.0.1/",
        "http://salle.example%40x@127.0.0.1/", "http://:@salle.example/",
    ),
    "two readings": (
        "http://salle.example\\@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://salle.example/\r\nHost: x", "http://sal\tle.example/",
        "http://salle.example/\x00", "http://127.0.0.1#@salle.example/", "http:///salle.example/", "http://salle.example /",
    ),
    "a name that is none": (
        "http://", "http:///", "http://xn--/", "http://①②⑦.0.0.1/", "http://.example/", "http://a..example/",
        "http://-a.example/", f"http://{'a' * 64}.example/", f"http://{'a.' * 127}example/", "http://a%2eexample/", "http://[salle.example]/",
        "http://[::1/", "http://a,b.example/",
    ),
    "a name of an inner network": (
        "http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://db/", "http://postgres/", "http://printer.local/",
        "http://metadata.google.internal/computeMetadata/v1/", "http://wiki.corp/", "http://x.onion/", "http://router.home.arpa/",
        "http://kubernetes.default.svc.cluster.local/",
    ),
    "an address in disguise": (
        "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/",
        "http://127.0.0.1./", "http://127.00.00.01/", "http://0/", "http://1.2.3.4.5/", "http://0x7f.0x0.0x0.0x1/", "http://127。0。0。1/",
    ),
    "a refused address": (
        "http://127.0.0.1/", "https://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/", "http://10.0.0.1:443/", "http://[fe80::1%25lo]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://192.168.1.1", "http://0.0.0.0/", "http://[::]/", "http://255.255.255.255/",
    ),
    "too long": (f"http://salle.example/{'a' * 5_000}", f"http://salle.example/{'é' * 1_000}"),
}  # fmt: skip

READ_AS_WRITTEN = {
    "http://salle.example": "http://salle.example/",
    "HTTP://SALLE.EXAMPLE/A": "http://salle.example/A",
    "https://salle.example:443/": "https://salle.example/",
    "http://salle.example:80/": "http://salle.example/",
    "http://salle.example:443/": "http://salle.example:443/",
    "http://salle.example./": "http://salle.example/",
    " http://salle.example/ ": "http://salle.example/",
    "http://salle.example/a#b@c": "http://salle.example/a",
    "http://salle.example/@moi?x=a@b": "http://salle.example/@moi?x=a@b",
    "http://théâtre.example/été": "http://xn--thtre-4qa2c.example/%C3%A9t%C3%A9",
    "http://salle.example/a b": "http://salle.example/a%20b",
    "http://93.184.215.14/": "http://93.184.215.14/",
    "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/": "http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    "http://a_b.example/": "http://a_b.example/",
}
