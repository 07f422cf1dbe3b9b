"use strict";
const plain = (value) => String(Number(value.toPrecision(2)));
for (const place of document.querySelectorAll(".chart")) {
  const option = JSON.parse(place.nextElementSibling.textContent);
  for (const axis of [option.xAxis, option.yAxis].flat()) {
    if (axis.type === "log") {
      axis.axisLabel = { ...axis.axisLabel, formatter: plain };
    }
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const chart = echarts.init(place, dark ? "dark" : null);
  chart.setOption(option);
  chart.on("click", ({ data }) => {
    if (data && data.link) {
      location.hash = data.link;
    }
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}
