// An inetd-like server: a child for each connection, and nobody collects them.
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct server {
  int socket;
  const char *program;
};

static int server_open(struct server *s, unsigned short port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  s->socket = socket(AF_INET, SOCK_STREAM, 0);
  return bind(s->socket, (struct sockaddr *)&address, sizeof address) == 0 ? listen(s->socket, 8) : -1;
}

static void server_handle(struct server *s, int connection) {
  pid_t pid = fork(); // expect: process-not-reaped
  if (pid == 0) {
    dup2(connection, 0);
    dup2(connection, 1);
    close(connection);
    close(s->socket);
    execl(s->program, s->program, (char *)0);
    _exit(1);
  }
  if (pid < 0)
    perror("fork");
  close(connection);
}

int main(void) {
  struct server s = {-1, "/usr/libexec/echo"};
  if (server_open(&s, 7777) != 0)
    return 1;
  for (;;) {
    int connection = accept(s.socket, NULL, NULL);
    if (connection < 0) {
      if (errno == EINTR)
        continue;
      return 1;
    }
    server_handle(&s, connection);
  }
}
