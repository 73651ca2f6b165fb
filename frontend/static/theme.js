// Runs before the first paint, so that a stored choice never flashes the other theme.
(function () {
  try {
    var choice = localStorage.getItem('walkin.theme');
    if (choice === 'light' || choice === 'dark') document.documentElement.dataset.theme = choice;
  } catch {
    // storage may be switched off: the system's preference stands
  }
})();
