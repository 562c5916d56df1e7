import { unpackScript } from './packed-rows.ts'

/**
 * What runs in the page: draws each chart live over its static picture, in the colours of day or night and in the width
 * that there is. Expressions are interpreted (`ast: true`), never compiled, so the page needs no `unsafe-eval`. Without
 * scripts, and where one fails, the static pictures stay.
 */
export const htmlScript = `
(function () {
  'use strict';
  var report = JSON.parse(document.getElementById('charts').textContent);
  var night = matchMedia('(prefers-color-scheme: dark)');
  ${unpackScript}
  var views = {};
  var drawnWidth = 0;

  function fitted(chart, width) {
    var spec = JSON.parse(JSON.stringify(chart.spec));
    spec.data = { values: unpackRows(chart.rows) };
    spec.config = night.matches ? report.darkConfig : report.lightConfig;
    delete spec.title;
    var wide = Math.max(200, width - 110);
    if (spec.facet) {
      var columns = wide >= 620 ? 2 : 1;
      spec.columns = columns;
      // One below the other: each is read by itself.
      if (columns === 1) spec.resolve = Object.assign({}, spec.resolve, { axis: { x: 'independent' } });
      spec.spec.width = Math.min(columns === 2 ? Math.floor((wide - (spec.resolve && spec.resolve.scale ? 140 : 60)) / 2) : wide, 480);
    } else {
      spec.width = Math.min(wide, 720);
    }
    if (wide < 500) (spec.layer || spec.spec.layer).forEach(function (layer) {
      ['color', 'shape'].forEach(function (channel) {
        var legend = (layer.encoding[channel] || {}).legend;
        if (legend && legend.columns) legend.columns = 1;
      });
    });
    if (wide < 500) spec.config = Object.assign({}, spec.config, {
      legend: Object.assign({}, spec.config.legend, { columns: 2 })
    });
    return spec;
  }

  function draw() {
    drawnWidth = document.documentElement.clientWidth;
    report.charts.forEach(function (chart) {
      var figure = document.getElementById('chart-' + chart.name);
      var live = figure.querySelector('.live');
      if (views[chart.name]) views[chart.name].finalize();
      figure.classList.add('is-live');
      vegaEmbed(live, fitted(chart, figure.clientWidth), {
        ast: true, actions: false, renderer: 'svg', mode: 'vega-lite', defaultStyle: false,
        tooltip: { disableDefaultStyle: true }
      }).then(function (embedded) {
        views[chart.name] = embedded;
        figure.dataset.drawn = 'true';
      }, function (problem) {
        figure.classList.remove('is-live');
        reportError(problem);
      });
    });
  }

  var pending = 0;
  addEventListener('resize', function () {
    clearTimeout(pending);
    pending = setTimeout(function () {
      if (document.documentElement.clientWidth !== drawnWidth) draw();
    }, 200);
  });
  night.addEventListener('change', draw);
  draw();
})();
`.trim()
