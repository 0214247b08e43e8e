#include "atoms/builders/facet.hpp"

#include <algorithm>
#include <numbers>

#include "atoms/message_text.hpp"
#include "core/error.hpp"

namespace adatom {
namespace {

constexpr std::array<std::string_view, 10> facet_names{"fcc100", "fcc110", "fcc111",  "fcc211",     "bcc100",
                                                       "bcc110", "bcc111", "hcp0001", "diamond100", "diamond111"};

constexpr double root2 = std::numbers::sqrt2, root3 = std::numbers::sqrt3, root6 = root2 * root3;
constexpr double third = 1.0 / 3.0;

// Planes from the surface down, as deep as one period.
constexpr Plane square_100[]{{0, 0, 0}, {0.5, 0.5, 0.5}};
constexpr Plane rectangle_110[]{{0, 0, 0}, {root2 / 4, 0.5, 0.5}};
constexpr Plane close_packed[]{{0, 0, 0}, {root3 / 3, 2 * third, 2 * third}, {2 * root3 / 3, third, third}};
constexpr Plane stepped_211[]{{0, 0, 0},
                              {root6 / 12, 2 * third, 0.5},
                              {2 * root6 / 12, third, 0},
                              {3 * root6 / 12, 0, 0.5},
                              {4 * root6 / 12, 2 * third, 0},
                              {5 * root6 / 12, third, 0.5}};
constexpr Plane bcc_110[]{{0, 0, 0}, {root2 / 2, 0.5, 0}};
constexpr Plane bcc_111[]{{0, 0, 0}, {root3 / 6, 2 * third, 2 * third}, {root3 / 3, third, third}};
constexpr Plane hcp_0001[]{{0, 0, 0}, {0.5, 2 * third, 2 * third}};
constexpr Plane diamond_100[]{{0, 0, 0}, {0.25, 0.5, 0}, {0.5, 0.5, 0.5}, {0.75, 0, 0.5}};
// Pairs of planes one straight bond apart (sqrt(3)/4), sqrt(3)/12 from the next pair.
constexpr Plane diamond_111[]{{0, 0, 0},
                              {root3 / 4, 0, 0},
                              {root3 / 3, 2 * third, 2 * third},
                              {7 * root3 / 12, 2 * third, 2 * third},
                              {2 * root3 / 3, third, third},
                              {11 * root3 / 12, third, third}};

constexpr Site ontop{"ontop", 0, 0};
constexpr Site square_sites[]{ontop, {"bridge", 0.5, 0}, {"hollow", 0.5, 0.5}};
constexpr Site rectangle_sites[]{ontop, {"longbridge", 0.5, 0}, {"shortbridge", 0, 0.5}, {"hollow", 0.5, 0.5}};
constexpr Site triangle_sites[]{ontop, {"bridge", 0.5, 0}, {"fcc", third, third}, {"hcp", 2 * third, 2 * third}};
constexpr Site step_sites[]{ontop, {"bridge", 0, 0.5}};
constexpr Site bcc110_sites[]{ontop, {"longbridge", 0.5, 0}, {"shortbridge", 0, 0.5}, {"hollow", 0.375, 0.25}};
constexpr Site bcc111_sites[]{ontop, {"hollow", third, third}};
// Where the next plane of the crystal would continue: between two broken bonds.
constexpr Site diamond100_sites[]{ontop, {"bridge", 0, 0.5}};
constexpr Site diamond111_sites[]{ontop, {"fcc", third, third}, {"hcp", 2 * third, 2 * third}};

using enum Crystal;
constexpr FacetGeometry geometries[]{
    {fcc, root2 / 2, root2 / 2, false, 1, square_100, square_sites},
    {fcc, 1, root2 / 2, false, root2 / 2, rectangle_110, rectangle_sites},
    {fcc, root2 / 2, root6 / 4, true, root3, close_packed, triangle_sites},
    {fcc, root3, root2 / 2, false, root6 / 2, stepped_211, step_sites, 3, 3},
    {bcc, 1, 1, false, 1, square_100, square_sites},
    {bcc, 1, root2 / 2, true, root2, bcc_110, bcc110_sites},
    {bcc, root2, root6 / 2, true, root3 / 2, bcc_111, bcc111_sites},
    {hcp, 1, root3 / 2, true, 1, hcp_0001, triangle_sites},
    {diamond, root2 / 2, root2 / 2, false, 1, diamond_100, diamond100_sites},
    {diamond, root2 / 2, root6 / 4, true, root3, diamond_111, diamond111_sites},
};

}  // namespace

std::string_view name(Facet facet) { return facet_names[static_cast<std::size_t>(facet)]; }

Facet facet_named(std::string_view text) {
  const auto found = std::ranges::find(facet_names, text);
  if (found != facet_names.end()) return static_cast<Facet>(found - facet_names.begin());
  std::string list;
  for (const std::string_view one : facet_names) list += (list.empty() ? "" : ", ") + std::string(one);
  throw InputError("unknown surface " + in_quotes(text) + "; expected " + list);
}

const FacetGeometry& geometry(Facet facet) { return geometries[static_cast<std::size_t>(facet)]; }

std::string site_names(Facet facet) {
  std::string list;
  for (const Site& one : geometry(facet).sites) list += (list.empty() ? "" : ", ") + std::string(one.name);
  return list;
}

const Site& site_named(Facet facet, std::string_view site) {
  const std::span<const Site> sites = geometry(facet).sites;
  const auto found = std::ranges::find(sites, site, &Site::name);
  if (found != sites.end()) return *found;
  throw InputError(std::string(name(facet)) + " has sites " + site_names(facet) + "; not " + in_quotes(site));
}

}  // namespace adatom
