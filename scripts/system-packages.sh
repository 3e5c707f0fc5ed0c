#!/bin/sh
# What the tests need and pip cannot bring: a RabbitMQ server. The fixtures start it as a private process on free ports;
# no service of the system is started, and none is kept. With GP_TEST_RABBITMQ_URL the tests use that broker instead.
set -eu

here=$(dirname "$0")

if [ -n "${GP_TEST_RABBITMQ_URL:-}" ] || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]; then
    exit 0
fi

case $(uname -s) in
Linux)
    if ! command -v apt-get >/dev/null 2>&1; then
        command -v rabbitmq-server >/dev/null 2>&1 && exit 0
        echo "The tests need RabbitMQ: install the package rabbitmq-server with your system's package manager," >&2
        echo "or set GP_TEST_RABBITMQ_URL to a broker that may be filled and emptied." >&2
        exit 1
    fi
    sh "$here/apt-install.sh" rabbitmq-server
    # Under systemd the package enables its service for the next start of the machine: nobody asked for that.
    if [ -d /run/systemd/system ]; then
        if [ "$(id -u)" -eq 0 ]; then as_root=; else as_root=sudo; fi
        $as_root systemctl disable --quiet --now rabbitmq-server.service
    fi
    ;;
Darwin)
    for server in /opt/homebrew/sbin/rabbitmq-server /usr/local/sbin/rabbitmq-server; do
        [ -x "$server" ] && exit 0
    done
    command -v rabbitmq-server >/dev/null 2>&1 && exit 0
    echo "The tests need RabbitMQ. Please run, then start again:" >&2
    echo "  brew install rabbitmq" >&2
    echo "(only install it: the tests start their own, there is no need for brew services)" >&2
    exit 1
    ;;
*)
    command -v rabbitmq-server >/dev/null 2>&1 && exit 0
    echo "The tests need RabbitMQ, and this script knows Debian, Ubuntu and macOS only:" >&2
    echo "install rabbitmq-server, or set GP_TEST_RABBITMQ_URL to a broker that may be filled and emptied." >&2
    exit 1
    ;;
esac
