// @ts-check

const checkMs = 1000;

/**
 * Calls back once the process that started us is gone, if that was npm.
 *
 * npm runs a script through a shell. A SIGTERM to npm ends the shell, which
 * tells nobody, and what it ran would go on without anybody who could end it.
 *
 * @param {() => void} callback
 */
export const onAbandoned = callback => {
  if (!process.env.npm_lifecycle_event) {
    return;
  }
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) {
      clearInterval(timer);
      callback();
    }
  }, checkMs);
  timer.unref();
};
