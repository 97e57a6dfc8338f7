// A guard takes the lock of a handle, if there is one, and gives it back: which lock
// that is, a library tells.
struct database;
struct db_mutex;
extern "C" {
db_mutex *database_mutex(database *);
void db_mutex_enter(db_mutex *);
void db_mutex_leave(db_mutex *);
const char *database_message(database *);
int database_open(const char *, database **);
}

class Guard {
public:
  explicit Guard(database *handle) : mutex(handle ? database_mutex(handle) : nullptr) {
    if (mutex)
      db_mutex_enter(mutex);
  }
  ~Guard() {
    if (mutex)
      db_mutex_leave(mutex);
  }

private:
  db_mutex *mutex;
};

const char *lastError(database *handle) {
  Guard guard(handle);
  return database_message(handle);
}

const char *open(const char *name) {
  database *handle = nullptr;
  if (database_open(name, &handle) != 0)
    return lastError(handle);
  return nullptr;
}

const char *openAny(const char *one, const char *other) {
  const char *error = open(one);
  return error ? open(other) : error;
}
