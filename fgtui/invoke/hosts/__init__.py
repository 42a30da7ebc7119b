"""The programs run inside the child process, one per runtime. Never imported by fgtui itself."""
