// A guard takes the lock of a handle if the handle is shared, and gives it back if
// there is a lock.
struct database;
struct db_mutex;
extern "C" {
db_mutex *database_mutex(database *);
bool database_is_shared(database *);
void db_mutex_enter(db_mutex *);
void db_mutex_leave(db_mutex *);
const char *database_message(database *);
}

class Guard {
public:
  explicit Guard(database *handle) : mutex(database_mutex(handle)) {
    if (database_is_shared(handle))
      db_mutex_enter(mutex);
  }
  ~Guard() {
    if (mutex)
      db_mutex_leave(mutex); // expect: lock-not-held
  }

private:
  db_mutex *mutex;
};

const char *lastError(database *handle) {
  Guard guard(handle);
  return database_message(handle);
}
