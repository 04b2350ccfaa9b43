"""nginx on the loopback, with a folder of its own; it needs no rights and leaves the system's own nginx alone."""

import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

import gallery

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

CONFIGURATION = """
{modules}
{user}
daemon off;
worker_processes 1;
worker_rlimit_nofile 8192;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 2048; }}
http {{
    types {{ text/html html; image/jpeg jpg; image/gif gif; image/png png; image/webp webp; }}
    charset utf-8;
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    server {{
        {listen}
        root {site};
        {latency}
        location = /photo/list/ {{ try_files /pages/$arg_page.html =404; }}
        location /pic/ {{ }}
        location / {{ return 404; }}
    }}
}}
"""


class Server:
    """Serves a site while its `with` block runs."""

    def __init__(self, site, home, latency_ms=0):
        self.home = pathlib.Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        hosts = [gallery.HOST, *gallery.PICTURE_HOSTS]
        modules, latency = "", ""
        if latency_ms:
            folder = modules_folder()
            modules = f"load_module {folder}/ndk_http_module.so; load_module {folder}/ngx_http_lua_module.so;"
            latency = f"access_by_lua_block {{ ngx.sleep({latency_ms / 1000}) }}"
        self.address = (gallery.HOST, site.port)
        self.configuration = CONFIGURATION.format(
            home=self.home,
            site=site.folder,
            listen=" ".join(f"listen {host}:{site.port} backlog=1024;" for host in hosts),
            user="user root;" if os.geteuid() == 0 else "",
            modules=modules,
            latency=latency,
        )

    def __enter__(self):
        # What answers already would be measured in its stead.
        if self.answers():
            raise SystemExit(f"something else listens on {self.address[0]}:{self.address[1]}: choose another --port")
        file = self.home / "nginx.conf"
        file.write_text(self.configuration)
        self.process = subprocess.Popen(
            [NGINX, "-p", self.home, "-c", file, "-e", self.home / "error.log"], start_new_session=True
        )
        while not self.answers():
            if self.process.poll() is not None:
                raise SystemExit(f"nginx did not start: see {self.home}/error.log")
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        with socket.socket() as connection:
            return connection.connect_ex(self.address) == 0

    def processor_seconds(self):
        pids = [self.process.pid]
        with open(f"/proc/{pids[0]}/task/{pids[0]}/children") as file:
            pids += map(int, file.read().split())
        ticks = 0
        for pid in pids:
            with open(f"/proc/{pid}/stat") as file:
                ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")


def modules_folder():
    """Where nginx's module for Lua is, which alone can answer late without holding up other answers."""
    options = subprocess.run([NGINX, "-V"], capture_output=True, text=True).stderr
    folder = re.search(r"--modules-path=(\S+)", options)
    if not folder or not pathlib.Path(folder[1], "ngx_http_lua_module.so").exists():
        raise SystemExit("--latency needs nginx's module for Lua (libnginx-mod-http-lua)")
    return folder[1]
