"""``rediss://`` works, and verifies certificates."""

import ssl
import subprocess
from pathlib import Path

import pytest

from gpadapters.redis.claim_store import RedisClaimStore
from gpcore.domain.claims import Verdict
from gpcore.errors import PortUnavailableError
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration


def run_openssl(*arguments: str) -> None:
    subprocess.run(("openssl", *arguments), check=True, capture_output=True)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """Give an authority of our own, with a certificate and key for 127.0.0.1 beside it."""
    ca, ca_key, key, request = (tmp_path / name for name in ("ca.pem", "ca.key", "server.key", "server.csr"))
    new = ("-newkey", "rsa:2048", "-nodes")
    run_openssl(
        *("req", "-x509", *new, "-days", "2", "-subj", "/CN=ours", "-out", str(ca), "-keyout", str(ca_key)),
        # From 3.13 on Python trusts no authority that does not say what its key is for.
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
    )
    run_openssl("req", *new, "-subj", "/CN=127.0.0.1", "-out", str(request), "-keyout", str(key))
    (tmp_path / "names").write_text("subjectAltName=IP:127.0.0.1")
    run_openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(ca_key), "-CAcreateserial"),
        *("-days", "2", "-extfile", str(tmp_path / "names"), "-out", str(tmp_path / "server.pem")),
    )
    return ca


def over_tls(server: RedisProcess, authority: Path) -> TcpProxy:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(authority.with_name("server.pem"), authority.with_name("server.key"))
    return TcpProxy.to(server.url, tls=tls)


def address(proxy: TcpProxy) -> str:
    return proxy.url.replace("redis://", "rediss://")


async def test_a_server_with_a_certificate_of_our_own_authority_is_trusted(
    redis_server: RedisProcess, authority: Path
) -> None:
    async with (
        over_tls(redis_server, authority) as proxy,
        connected(f"{address(proxy)}?ssl_ca_certs={authority}") as client,
    ):
        result = await RedisClaimStore(client).claim("7", owner="a", lease_us=1, max_attempts=1)

    assert result.verdict is Verdict.CLAIMED


async def test_a_server_that_nobody_vouches_for_is_not_spoken_to(redis_server: RedisProcess, authority: Path) -> None:
    async with over_tls(redis_server, authority) as proxy, connected(address(proxy)) as client:
        with pytest.raises(PortUnavailableError, match="cannot be reached"):
            await client.execute("PING")


async def test_a_server_under_another_name_is_not_spoken_to(redis_server: RedisProcess, authority: Path) -> None:
    async with over_tls(redis_server, authority) as proxy:
        named = address(proxy).replace("127.0.0.1", "localhost")
        async with connected(f"{named}?ssl_ca_certs={authority}") as client:
            with pytest.raises(PortUnavailableError, match="cannot be reached"):
                await client.execute("PING")
